import { expect, test } from 'vitest';
import { type DatasetFacts, deriveDataset } from '../../../src/core/derive-dataset.ts';
import { parseGroundTruth } from '../../../src/data/label-forms.ts';
import type { StoredFile } from '../../../src/storage/schema.ts';

const facts: DatasetFacts = {
  id: 'd',
  name: 'fruit',
  createdAt: 0,
  roles: [],
  emptyFolders: ['fruit/training/empty'],
  sourceProblems: [
    { kind: 'not-an-image', severity: 'skipped', path: 'fruit/notes.txt', reason: 'No image.', action: 'skipped' },
  ],
};

const readAs = (path: string, hash: string): StoredFile => ({
  datasetId: 'd',
  path,
  bytes: 10,
  outcome: { ok: true, hash, width: 4, height: 3 },
});

function files(...list: StoredFile[]): Map<string, StoredFile> {
  return new Map(list.map((file) => [file.path, file]));
}

const all = files(
  readAs('fruit/training/apple/1.jpg', 'a1'),
  readAs('fruit/training/apple/2.jpg', 'a2'),
  readAs('fruit/training/pear/1.jpg', 'p1'),
  readAs('fruit/training/pear/2.jpg', 'p2'),
  readAs('fruit/test/query/q.jpg', 'q'),
  readAs('fruit/test/gallery/g.jpg', 'a1'),
);

test('images get what reading found; labels come from ground truth', () => {
  const truth = parseGroundTruth('{"query":{"q.jpg":"pear"},"gallery":{"g.jpg":"apple"}}', 'ground_truth.json');
  const { dataset, images } = deriveDataset(facts, all, truth);
  expect(images.map(({ split, file, className, hash }) => [split, file, className, hash])).toEqual([
    ['training', 'apple/1.jpg', 'apple', 'a1'],
    ['training', 'apple/2.jpg', 'apple', 'a2'],
    ['training', 'pear/1.jpg', 'pear', 'p1'],
    ['training', 'pear/2.jpg', 'pear', 'p2'],
    ['query', 'q.jpg', 'pear', 'q'],
    ['gallery', 'g.jpg', 'apple', 'a1'],
  ]);
  expect(dataset).toMatchObject({ name: 'fruit', classes: ['apple', 'pear'], read: 6 });
  expect(dataset.problems.map(({ kind }) => kind).sort()).toEqual([
    'classes-apart',
    'empty-class',
    'leak',
    'not-an-image',
  ]);
});

test('labels that are named clusters of a model are counted, of images that are there', () => {
  expect(deriveDataset(facts, all, null).clustered).toEqual([]);
  const paths = ['fruit/test/query/q.jpg', 'fruit/test/gallery/g.jpg', 'fruit/training/pear/2.jpg', 'fruit/gone.jpg'];
  const choices = {
    namesAsClasses: [],
    mergedClasses: [],
    classesByHand: paths.map((path) => [path, 'pear'] as const),
    clusteredBy: paths.map((path) => [path, 'ResNet-50, frozen'] as const),
    excluded: ['fruit/training/pear/2.jpg'],
  };
  const { clustered, images } = deriveDataset({ ...facts, choices }, all, null);
  expect(images.find(({ split }) => split === 'query')?.className).toBe('pear');
  expect(clustered).toEqual([{ model: 'ResNet-50, frozen', images: 2 }]);
});

test('labels that could not be read are a notice, and one problem', () => {
  const path = 'fruit/ground_truth.json';
  const reason = 'The ground truth cannot be used.';
  const refused = { kind: 'ground-truth-refused', severity: 'skipped', path, reason, action: 'not used' } as const;
  const { dataset, notices } = deriveDataset({ ...facts, sourceProblems: [refused] }, all, null);
  expect(notices[0]).toMatchObject({ reason: `ground_truth.json: ${reason}`, offers: [] });
  expect(dataset.problems.filter(({ kind }) => kind === 'ground-truth-refused')).toEqual([refused]);
});

test('an unreadable file is a problem, not an image', () => {
  const broken: StoredFile = {
    datasetId: 'd',
    path: 'fruit/training/pear/2.jpg',
    bytes: 10,
    outcome: { ok: false, kind: 'undecodable', reason: 'Damaged.' },
  };
  const { dataset, images } = deriveDataset(facts, new Map([...all, [broken.path, broken]]), null);
  expect(images.map(({ path }) => path)).not.toContain(broken.path);
  expect(dataset.counts).toEqual({ training: 3, query: 1, gallery: 1 });
  expect(dataset.folders.map(({ path, images }) => [path, images])).toEqual([
    ['fruit/test/gallery', 1],
    ['fruit/test/query', 1],
    ['fruit/training', 3],
  ]);
  expect(dataset.problems).toContainEqual({
    kind: 'undecodable',
    severity: 'skipped',
    path: broken.path,
    reason: 'Damaged.',
    action: 'skipped',
  });
  expect(dataset.problems.filter(({ kind }) => kind === 'single-image-class')).toHaveLength(1);
});

test('of a folder full of files that cannot be decoded there is one line, and of few each is named', () => {
  const broken = (folder: string, count: number) =>
    Array.from({ length: count }, (_, at): StoredFile => {
      const path = `fruit/training/${folder}/${at}.heic`;
      const reason = 'This browser cannot decode HEIC images.';
      return { datasetId: 'd', path, bytes: 10, outcome: { ok: false, kind: 'undecodable', reason } };
    });
  const { dataset } = deriveDataset(facts, files(...all.values(), ...broken('kiwi', 20), ...broken('lime', 800)), null);
  const lines = dataset.problems.filter(({ kind }) => kind === 'undecodable');
  expect(lines.map(({ path }) => path)).toEqual([
    ...Array.from({ length: 20 }, (_, at) => `fruit/training/kiwi/${at}.heic`).sort(),
    'fruit/training/lime',
  ]);
  expect(lines.at(-1)?.reason).toBe('This browser cannot decode HEIC images. The same holds for 799 others in “lime”.');
});

test('copies and leaks wait until all is read', () => {
  const unread: StoredFile = { datasetId: 'd', path: 'fruit/test/query/q.jpg', bytes: null, outcome: null };
  const { dataset, images } = deriveDataset(facts, new Map([...all, [unread.path, unread]]), null);
  expect(images).toHaveLength(6);
  expect(dataset.read).toBe(5);
  expect(dataset.problems.filter(({ kind }) => kind === 'leak')).toEqual([]);
});

test('a role given by hand counts', () => {
  const roles = [['fruit/test/gallery', 'ignore']] as const;
  expect(deriveDataset({ ...facts, roles }, all, null).dataset.counts).toEqual({ training: 4, query: 1, gallery: 0 });
});
