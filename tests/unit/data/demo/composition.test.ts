import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeDrawings } from '../../../../scripts/demo/make-drawings.ts';
import { assemble } from '../../../../src/data/assemble.ts';
import { composeDemo, EDITION, kinds } from '../../../../src/data/demo/composition.ts';
import { hands } from '../../../../src/data/demo/hands.ts';

const pictures = composeDemo();
const drawings = makeDrawings();

test('every kind is drawn by every hand', () => {
  expect(Object.keys(drawings)).toEqual(hands.map(({ id }) => id));
  for (const { id } of hands) expect(Object.keys(drawings[id] ?? {}), id).toEqual(kinds.map(({ name }) => name));
});

test('no two hands hand on the same drawing', () => {
  for (const { name } of kinds) {
    const bodies = hands.map(({ id }) => drawings[id]?.[name]?.body);
    expect(new Set(bodies).size, name).toBe(hands.length);
  }
});

test('it is a closed-set task of 32 kinds with 640, 96 and 288 pictures, as dropped folders are understood', () => {
  const { images, problems, name } = assemble({
    datasetId: 'demo',
    files: pictures.map(({ path }) => ({ path, bytes: null })),
    emptyFolders: [],
    roles: new Map(),
  });
  expect(problems).toEqual([]);
  expect(name).toBe('Emoji demo');
  const count = (split: string) => images.filter((image) => image.split === split).length;
  expect([count('training'), count('query'), count('gallery')]).toEqual([640, 96, 288]);
  for (const split of ['training', 'query', 'gallery']) {
    const classes = new Set(images.flatMap((image) => (image.split === split ? [image.className] : [])));
    expect(classes.size, split).toBe(32);
  }
});

test('no hand draws for two splits', () => {
  for (const { id, split } of hands) {
    const folder = split === 'training' ? '/training/' : `/test/${split}/`;
    const own = pictures.filter(({ hand }) => hand === id);
    expect(own.length, id).toBeGreaterThan(0);
    expect(own.filter(({ path }) => !path.includes(folder))).toEqual([]);
  }
});

test('paths are unique, views differ, and no drawing is lost at a border', () => {
  expect(new Set(pictures.map(({ path }) => path)).size).toBe(pictures.length);
  expect(new Set(pictures.map(({ view }) => JSON.stringify(view))).size).toBe(pictures.length);
  for (const { view } of pictures) {
    for (const middle of [view.x, view.y]) {
      expect(middle - view.scale / 2).toBeGreaterThanOrEqual(-1e-9);
      expect(middle + view.scale / 2).toBeLessThanOrEqual(1 + 1e-9);
    }
  }
});

test('pictures are those of this edition: raise EDITION and write the new digest here when they change', () => {
  expect(composeDemo()).toEqual(pictures);
  const digest = createHash('sha256')
    .update(JSON.stringify([pictures, drawings]))
    .digest('hex')
    .slice(0, 16);
  expect([EDITION, digest]).toEqual([1, '6d3ae5b20a29a0ec']);
});
