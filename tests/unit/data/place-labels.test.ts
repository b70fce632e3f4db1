import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assemble } from '../../../src/data/assemble.ts';
import { type Choices, choose, NO_CHOICES } from '../../../src/data/choices.ts';
import type { DerivedImages } from '../../../src/data/derive-images.ts';
import { deriveImages } from '../../../src/data/derive-images.ts';
import { withTableDecisions } from '../../../src/data/place-labels.ts';
import { readLabelsOf } from '../../../src/data/read-labels.ts';
import { groundTruthCsv } from '../../../src/exports/csv.ts';
import type { ImageRecord } from '../../../src/types.ts';

const paths = [
  ...['apple/1.png', 'apple/2.png', 'pear/1.png', 'pear/2.png', 'loose.png'].map((file) => `s/training/${file}`),
  ...['apple/q.png', 'pear/q.png', 'q.png'].map((file) => `s/test/query/${file}`),
  ...['apple/g.png', 'pear/g.png', 'g.png'].map((file) => `s/test/gallery/${file}`),
];
const files = { datasetId: 'd', files: paths.map((path) => ({ path, bytes: 1 })), emptyFolders: [] };

const lines = (images: readonly ImageRecord[]) =>
  images.map(({ split, className, file }) => `${split} ${className ?? '–'} ${file}`);
const all = ({ images, excluded, unclassed }: DerivedImages) => ({
  images: lines(images),
  excluded: lines(excluded),
  unclassed: lines(unclassed),
});

/** As Save labels writes it, and as Add ground truth opens it over the same files. */
async function writtenAndAdded(choices: Choices) {
  const before = deriveImages(files, null, choices);
  const byHand = new Set(choices.classesByHand.map(([path]) => path));
  const withoutClass = [...before.images, ...before.unclassed].filter(
    ({ path, className }) => className === null && byHand.has(path),
  );
  const text = groundTruthCsv(before.images, { excluded: before.excluded, withoutClass });
  const { truth } = await readLabelsOf(new Blob([text]), 'labels.csv', paths);
  const assembled = assemble({ ...files, roles: new Map() });
  const added = withTableDecisions(NO_CHOICES, truth, assembled.images, '');
  return { before, after: deriveImages(files, truth, { ...added, tableFirst: true }), text };
}

test('labels, exclusions and images of no class come back with the table that was written of them', async () => {
  const path = fc.constantFrom(...paths);
  const choice = fc.oneof(
    fc.record({
      kind: fc.constant('class' as const),
      paths: fc.uniqueArray(path, { minLength: 1 }),
      className: fc.constantFrom('apple', 'pear', 'lime', null),
    }),
    fc.record({ kind: fc.constantFrom('exclude' as const, 'include' as const), paths: fc.uniqueArray(path) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(choice, { maxLength: 6 }), async (decisions) => {
      const choices = decisions.reduce(choose, NO_CHOICES);
      // A table of none of the images is none.
      fc.pre(deriveImages(files, null, choices).images.some(({ className }) => className !== null));
      const { before, after } = await writtenAndAdded(choices);
      expect(all(after)).toEqual(all(before));
    }),
    { numRuns: 200 },
  );
});

test('a table has its fourth column only where it says something', async () => {
  const lime = choose(NO_CHOICES, { kind: 'class', paths: ['s/training/apple/1.png'], className: 'lime' });
  expect((await writtenAndAdded(lime)).text).toMatch(/^split,file,class\r\n/);
  const left = choose(lime, { kind: 'exclude', paths: ['s/training/pear/1.png'] });
  expect((await writtenAndAdded(left)).text).toContain('training,pear/1.png,pear,excluded\r\n');
});

test('where folders and a table disagree about training images, one notice says which count, and offers the other', async () => {
  const { truth } = await readLabelsOf(
    new Blob(['split,file,class\ntraining,apple/1.png,lime\ntraining,apple/2.png,lime\n']),
    'labels.csv',
    paths,
  );
  const shown = (choices: Choices) => {
    const { images, notices } = deriveImages(files, truth, choices);
    const [notice, ...others] = notices.filter(({ kind }) => kind === 'ground-truth');
    expect(others).toEqual([]);
    return { first: lines(images)[0], notice, offer: notice?.offers[0] };
  };
  const reason =
    'Of 2 training images, the folder says another class than the ground truth: “apple” and “lime” of the first.';
  const byFolder = shown(NO_CHOICES);
  expect(byFolder.first).toBe('training apple apple/1.png');
  expect(byFolder.notice).toMatchObject({ images: 2, reason, action: 'kept; for training images the folder counts' });
  expect(byFolder.offer?.label).toBe('Take the classes of the ground truth');

  const byTable = shown(byFolder.offer ? choose(NO_CHOICES, byFolder.offer.choice) : NO_CHOICES);
  expect(byTable.first).toBe('training lime apple/1.png');
  expect(byTable.notice).toMatchObject({ images: 2, reason, action: 'kept; the ground truth counts' });
  expect(byTable.offer?.label).toBe('Take the classes of the folders');
  expect(byTable.offer && choose({ ...NO_CHOICES, tableFirst: true }, byTable.offer.choice).tableFirst).toBe(false);
});

test('of what is excluded, or of no class by hand, nobody is told that the table does not name it', async () => {
  const left = choose(NO_CHOICES, { kind: 'exclude', paths: ['s/test/gallery/g.png'] });
  const decided = choose(left, {
    kind: 'class',
    paths: ['s/test/query/pear/q.png', 's/test/query/q.png'],
    className: null,
  });
  const { before, after } = await writtenAndAdded(decided);
  expect(all(after)).toEqual(all(before));
  expect(after.problems).toEqual([]);
});
