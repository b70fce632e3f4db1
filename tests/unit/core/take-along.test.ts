import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { deriveDataset } from '../../../src/core/derive-dataset.ts';
import { storeTakenAlong, type TakenRow } from '../../../src/core/take-along.ts';
import { aborted } from '../../../src/errors.ts';
import { parseOwnVectors } from '../../../src/models/own-vectors.ts';
import { type Database, openDatabase } from '../../../src/storage/database.ts';
import { getDataset, getFiles, listDatasets } from '../../../src/storage/datasets.ts';
import { getFeatures, listFeaturesKeys } from '../../../src/storage/features.ts';
import { usableHashes } from '../../../src/storage/imported.ts';
import { getThumbnail } from '../../../src/storage/pictures.ts';
import type { Split } from '../../../src/types.ts';

const hashOf = (i: number) => i.toString(16).padStart(64, '0');
const collection = {
  name: '3 images from the server',
  model: 'ViT-B/16, from the server',
  digest: 'd'.repeat(64),
  dimensions: 2,
};
const going = new AbortController().signal;

/** The beginning of a lossy WebP of 8 × 6 pixels. */
function webp(): Blob {
  const bytes = new Uint8Array(30);
  bytes.set(new TextEncoder().encode('RIFF\x16\0\0\0WEBPVP8 \x0a\0\0\0'));
  bytes.set([0x30, 0x01, 0x00, 0x9d, 0x01, 0x2a, 8, 0, 6, 0], 20);
  return new Blob([bytes], { type: 'image/webp' });
}

const taken = (i: number, split: Split, className: string | null, path = `p/${i}.jpg`): TakenRow => ({
  row: { id: '', path, className, split, hash: hashOf(i), vector: Float32Array.of(1, i), thumbnail: '' },
  thumbnail: webp(),
});

async function* blocks(...all: (readonly TakenRow[] | Error)[]) {
  for (const block of all) {
    if (block instanceof Error) throw block;
    yield block;
  }
}

let databases = 0;
const opened = () => openDatabase(`take-along-${databases++}`);

async function shown(database: Database, id: string) {
  const stored = await getDataset(database, id);
  if (!stored) throw new Error('There is no data set.');
  const files = await getFiles(database, id);
  return deriveDataset(stored, new Map(files.map((file) => [file.path, file])), null);
}

test('rows become a data set with their splits, classes, vectors and thumbnails, whatever they are called', async () => {
  const database = opened();
  const rows = [
    taken(1, 'training', 'a/b', '../../etc/passwd'),
    taken(2, 'query', '__proto__', 'training/x/1.jpg'),
    taken(3, 'gallery', null),
    taken(4, 'gallery', 'a/b'),
  ];
  const { datasetId, weights, images } = await storeTakenAlong(
    database,
    collection,
    blocks(rows.slice(0, 2), rows.slice(2)),
    going,
  );
  expect(images).toBe(4);
  const { dataset, images: found } = await shown(database, datasetId);
  expect(dataset).toMatchObject({ name: collection.name, read: 4, counts: { training: 1, query: 1, gallery: 2 } });
  expect(found.map(({ split, className, hash, width, height }) => [split, className, hash, width, height])).toEqual([
    ['training', 'a/b', hashOf(1), 8, 6],
    ['query', '__proto__', hashOf(2), 8, 6],
    ['gallery', null, hashOf(3), 8, 6],
    ['gallery', 'a/b', hashOf(4), 8, 6],
  ]);
  const [key = ''] = await listFeaturesKeys(database);
  expect(parseOwnVectors(key)).toEqual({ name: collection.model, sha256: collection.digest, dimensions: 2 });
  expect(weights).toMatchObject({ label: collection.model, features: 2 });
  const { matrix } = await getFeatures(database, key, [1, 2, 3, 4].map(hashOf), 2);
  expect([...matrix]).toEqual([1, 1, 1, 2, 1, 3, 1, 4]);
  // They are this data set's, and no other's.
  expect((await usableHashes(database, key, datasetId)).size).toBe(4);
  expect((await usableHashes(database, key, 'another')).size).toBe(0);
  expect(await getThumbnail(database, hashOf(3))).toMatchObject({ width: 8, height: 6 });
});

test('of a gallery alone it is a gallery; what has no picture or no direction does no harm', async () => {
  const database = opened();
  const zero = taken(2, 'gallery', 'b');
  const rows = [
    { ...taken(1, 'gallery', 'b'), thumbnail: null },
    { ...zero, row: { ...zero.row, vector: Float32Array.of(0, 0) } },
    { ...taken(3, 'gallery', 'b'), thumbnail: new Blob(['<svg onload=alert(1)>'], { type: 'image/webp' }) },
  ];
  const { datasetId } = await storeTakenAlong(database, collection, blocks(rows), going);
  const { dataset } = await shown(database, datasetId);
  expect(dataset).toMatchObject({ classes: ['b'], counts: { training: 0, query: 0, gallery: 2 } });
  expect(await getThumbnail(database, hashOf(3))).toBeNull();
});

test.each([
  ['the server goes', () => blocks([taken(1, 'gallery', null)], new Error('gone')), going, 'gone'],
  ['it is cancelled', () => blocks([taken(1, 'gallery', null)]), AbortSignal.abort(aborted()), 'Cancelled'],
  ['there is nothing', () => blocks([]), going, 'no such images'],
])('where %s nothing is left of it', async (_, rows, signal, message) => {
  const database = opened();
  await expect(storeTakenAlong(database, collection, rows(), signal)).rejects.toThrow(message);
  expect([await listDatasets(database), await listFeaturesKeys(database)]).toEqual([[], []]);
  expect(await getThumbnail(database, hashOf(1))).toBeNull();
});
