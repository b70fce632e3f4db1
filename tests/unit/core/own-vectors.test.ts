import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import type { Context } from '../../../src/core/context.ts';
import { readDatasetFile } from '../../../src/core/dataset-file/read.ts';
import { writeDatasetFile } from '../../../src/core/dataset-file/write.ts';
import { importOwnVectors } from '../../../src/core/own-vectors.ts';
import { createWeightsCatalogue } from '../../../src/core/weights-catalogue.ts';
import { encodeNpy } from '../../../src/exports/npy.ts';
import { type Database, openDatabase } from '../../../src/storage/database.ts';
import { putDatasetRows } from '../../../src/storage/dataset-copy.ts';
import { deleteFeatures, getFeatures, listFeaturesKeys } from '../../../src/storage/features.ts';
import type { ImageRecord } from '../../../src/types.ts';

const ID = '0123456789abcdef';
const hashOf = (i: number) => i.toString(16).padStart(64, '0');
const paths = ['kinds/test/gallery/a/1.jpg', 'kinds/test/gallery/b/1.jpg', 'kinds/test/query/a/2.jpg'];
const images = paths.map((path, i): ImageRecord => {
  const split = path.includes('query') ? 'query' : 'gallery';
  const file = path.slice(`kinds/test/${split}/`.length);
  return { datasetId: ID, path, split, file, className: null, bytes: 1, hash: hashOf(i + 1), width: 9, height: 9 };
});
const step = { signal: new AbortController().signal, report: () => {}, stage: () => {} };

let databases = 0;
async function opened() {
  const database = openDatabase(`own-vectors-${databases++}`);
  const workers = {
    weights: {
      api: async () => ({ listOrigin: async () => [], listCached: async () => [], lasting: async () => true }),
    },
  };
  Object.assign(globalThis, { document: { baseURI: 'http://localhost/' } });
  // The catalogue asks nothing else of the workers.
  const weights = () => createWeightsCatalogue(database, workers as unknown as Context['workers']);
  const catalogue = weights();
  const context = {
    database,
    weights: catalogue,
    inTurn: (_n: string, _s: AbortSignal, work: () => unknown) => work(),
  };
  return { database, weights, context: context as unknown as Context };
}

const vectors = (rows: readonly (readonly number[])[], names: readonly string[], name = 'mine') => [
  new File([encodeNpy(Float32Array.from(rows.flat()), [rows.length, rows[0]?.length ?? 0])], `${name}.npy`),
  new File([JSON.stringify(names)], `${name}.json`),
];
const good = vectors(
  [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  ['/data/kinds/test/gallery/a/1.jpg', 'query/a/2.JPG', 'nobody.jpg'],
);
const rowsOf = async (database: Database, key: string) =>
  (
    await getFeatures(
      database,
      key,
      images.map(({ hash }) => hash ?? ''),
      2,
    )
  ).matrix;

test('vectors become a model by the names of their images, and the same is found after a reload', async () => {
  const { database, weights, context } = await opened();
  const found = await importOwnVectors(context, good, { datasetId: ID, images }, step);
  expect(found).toMatchObject({ matched: 2, images: 3, left: 1, leftNames: ['nobody.jpg'] });
  expect(found.weights).toMatchObject({ label: 'mine', architecture: 'own-vectors', features: 2, origin: 'own' });
  const [key = ''] = await listFeaturesKeys(database);
  expect([...(await rowsOf(database, key))]).toEqual([1, 2, 0, 0, 3, 4]);

  const later = weights();
  await later.load();
  expect(later.find(found.weights.id)).toEqual(found.weights);
  expect(later.usable(found.weights)).toMatchObject({ featuresKey: key, cached: null });
  // The same files are the same model.
  expect((await importOwnVectors(context, good, { datasetId: ID, images }, step)).weights).toEqual(found.weights);
  expect(await listFeaturesKeys(database)).toEqual([key]);
});

test.each([
  ['no name is an image of the data set', vectors([[1, 2]], ['x.jpg']), 'None of the 1 names is an image'],
  [
    'an image is named twice',
    vectors(
      [
        [1, 2],
        [3, 4],
      ],
      ['a/1.jpg', 'gallery/a/1.jpg'],
    ),
    'Two rows are of "gallery/a/1.jpg"',
  ],
  ['a name may be of several', vectors([[1, 2]], ['1.jpg']), 'None of the 1 names'],
  [
    'a value is no number',
    vectors(
      [
        [1, 2],
        [Number.NaN, 4],
      ],
      ['a/1.jpg', 'b/1.jpg'],
    ),
    'The vector of "b/1.jpg" has values',
  ],
  [
    'a vector is zero',
    vectors(
      [
        [1, 2],
        [0, 0],
      ],
      ['a/1.jpg', 'b/1.jpg'],
    ),
    'The vector of "b/1.jpg" is all zeros',
  ],
  [
    'vectors are too wide',
    vectors([Array.from({ length: 8193 }, () => 1)], ['a/1.jpg']),
    '\u20638,192\u2063 is the most',
  ],
])('where %s nothing is stored', async (_, files, sentence) => {
  const { database, context } = await opened();
  await expect(importOwnVectors(context, files, { datasetId: ID, images }, step)).rejects.toThrow(sentence);
  expect(await listFeaturesKeys(database)).toEqual([]);
});

test('without their features they leave the list, and what was scored with them has a name still', async () => {
  const { database, context } = await opened();
  const { weights } = await importOwnVectors(context, good, { datasetId: ID, images }, step);
  expect(context.weights.label(weights.id)).toBe('mine');
  for (const key of await listFeaturesKeys(database)) await deleteFeatures(database, key);
  await context.weights.listOwn();
  expect(context.weights.all().map(({ id }) => id)).not.toContain(weights.id);
  expect(context.weights.label(weights.id)).toMatch(/^deleted vectors [0-9a-f]{6}$/);
});

test('they travel with the data set’s file', async () => {
  const { database, context } = await opened();
  const dataset = { id: ID, name: 'kinds', createdAt: 1, images: 3, emptyFolders: [], sourceProblems: [], roles: [] };
  await putDatasetRows(database, {
    dataset: { ...dataset, groundTruth: null },
    files: images.map(({ path, hash }) => ({
      datasetId: ID,
      path,
      bytes: 1,
      outcome: { ok: true, hash: hash ?? '', width: 9, height: 9 },
    })),
    heads: [],
    runs: [],
    weights: [],
  });
  const { weights: mine } = await importOwnVectors(context, good, { datasetId: ID, images }, step);
  const options = { signal: step.signal, onProgress: () => {} };
  const file = await writeDatasetFile(database, ID, options);

  const other = await opened();
  await readDatasetFile(other.database, new File([file], 'kinds.likeness.zip'), options);
  const [key = ''] = await listFeaturesKeys(other.database);
  expect([...(await rowsOf(other.database, key))]).toEqual([1, 2, 0, 0, 3, 4]);
  const catalogue = other.weights();
  await catalogue.load();
  expect(catalogue.find(mine.id)).toEqual(mine);
});
