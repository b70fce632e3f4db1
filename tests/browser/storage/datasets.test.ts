import * as v from 'valibot';
import { expect, test } from 'vitest';
import type { Database } from '../../../src/storage/database.ts';
import {
  deleteDataset,
  getDataset,
  getFiles,
  listDatasets,
  putDataset,
  putFiles,
} from '../../../src/storage/datasets.ts';
import { getEmbeddings, orderDigest, putEmbeddings } from '../../../src/storage/embeddings.ts';
import { putFeatures, storedHashes } from '../../../src/storage/features.ts';
import { getThumbnail, listQueries, putQuery, putThumbnails, thumbnailHashes } from '../../../src/storage/pictures.ts';
import {
  deleteRun,
  describeRun,
  getNeighbours,
  getOutcomes,
  getRuns,
  noteChosen,
  putRun,
} from '../../../src/storage/runs.ts';
import type { JudgedRun, StoredDataset, StoredFile } from '../../../src/storage/schema.ts';
import { deletePart, deleteUnused, estimateUsage } from '../../../src/storage/usage.ts';
import { freshDatabase } from './fresh-database.ts';

const dataset = (id: string, createdAt = 0): StoredDataset => ({
  id,
  name: id,
  createdAt,
  images: 2,
  emptyFolders: ['training/__proto__'],
  sourceProblems: [],
  roles: [['training', 'gallery']],
  groundTruth: { name: 'ground_truth.json', text: '{}' },
});

const file = (datasetId: string, path: string, hash: string | null = null): StoredFile => ({
  datasetId,
  path,
  bytes: 10,
  outcome: hash === null ? null : { ok: true, hash, width: 4, height: 3 },
});

const row = (hash: string) => ({ hash, features: Float32Array.of(1, 2) });
const thumbnail = (hash: string) => ({ hash, blob: new Blob(['12345'], { type: 'image/webp' }), width: 4, height: 3 });

const judgedRun: JudgedRun = {
  subject: 'images and labels',
  outcomes: {
    queries: Int32Array.of(0),
    relevant: Int32Array.of(2),
    firstHitRank: Int32Array.of(1),
    apAtR: Float64Array.of(0.5),
  },
  neighbours: { k: 1, rows: Int32Array.of(3), similarities: Float32Array.of(0.75) },
};
const judged = { test: judgedRun, validation: null };

async function fill(database: Database, id: string, hashes: string[]): Promise<void> {
  await putDataset(database, dataset(id));
  await putFiles(
    database,
    hashes.map((hash) => file(id, `${hash}.jpg`, hash)),
  );
  await putFeatures(database, 'weights', hashes.map(row));
  await putThumbnails(database, hashes.map(thumbnail));
  await putEmbeddings(database, { datasetId: id, modelId: 'm', split: 'gallery' }, 'digest', {
    matrix: Float32Array.of(1, 0),
    dimensions: 2,
  });
  await putRun(database, id, 'run', { top1: 1 }, judged);
}

test('a data set comes back as it was, and the list is oldest first', async () => {
  const database = freshDatabase();
  await putDataset(database, dataset('b', 2));
  await putDataset(database, dataset('a', 3));
  await putDataset(database, dataset('c', 1));
  expect(await getDataset(database, 'a')).toEqual(dataset('a', 3));
  expect(await getDataset(database, 'missing')).toBeNull();
  expect((await listDatasets(database)).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
});

test('keeps handles, with which files can be read again', async () => {
  const database = freshDatabase();
  const folder = await navigator.storage.getDirectory();
  await putDataset(database, { ...dataset('a'), handles: [folder] });
  const [handle] = (await getDataset(database, 'a'))?.handles ?? [];
  expect(await handle?.isSameEntry(folder)).toBe(true);
});

test('files are one a path, ordered by code units, and apart from other data sets’', async () => {
  const database = freshDatabase();
  await putFiles(database, [
    file('a', 'z.jpg'),
    file('a', 'Ä.jpg', 'h'),
    file('a', 'A.jpg', 'h'),
    file('ab', 'x', 'h'),
  ]);
  await putFiles(database, [file('a', 'z.jpg', 'now read')]);
  expect(await getFiles(database, 'a')).toEqual([
    file('a', 'A.jpg', 'h'),
    file('a', 'z.jpg', 'now read'),
    file('a', 'Ä.jpg', 'h'),
  ]);
  expect(await getFiles(database, 'ab')).toHaveLength(1);
});

test('a deleted data set takes its files, embeddings and runs along, and nobody else’s', async () => {
  const database = freshDatabase();
  await fill(database, 'a', ['shared', 'mine']);
  await fill(database, 'b', ['shared', 'theirs']);
  await deleteDataset(database, 'a');
  expect(await getDataset(database, 'a')).toBeNull();
  expect(await getFiles(database, 'a')).toEqual([]);
  expect((await getRuns(database, 'a', v.unknown())).size).toBe(0);
  expect(await getEmbeddings(database, { datasetId: 'a', modelId: 'm', split: 'gallery' }, 'digest')).toBeNull();
  expect(await getFiles(database, 'b')).toHaveLength(2);
  expect((await getRuns(database, 'b', v.unknown())).size).toBe(1);
  expect(await getEmbeddings(database, { datasetId: 'b', modelId: 'm', split: 'gallery' }, 'digest')).not.toBeNull();
});

test('only features and thumbnails that no data set and no kept query has are unused', async () => {
  const database = freshDatabase();
  await fill(database, 'a', ['shared', 'mine', 'asked']);
  await fill(database, 'b', ['shared', 'theirs']);
  await putQuery(database, { hash: 'asked', name: 'q.jpg', blob: new Blob(['q']), addedAt: 1 });
  await putFeatures(database, 'other weights', [row('mine'), row('shared')]);
  await deleteDataset(database, 'a');
  expect(await deleteUnused(database)).toEqual({ features: 2, thumbnails: 1 });
  expect(await storedHashes(database, 'weights')).toEqual(new Set(['shared', 'theirs', 'asked']));
  expect(await storedHashes(database, 'other weights')).toEqual(new Set(['shared']));
  expect(await thumbnailHashes(database)).toEqual(new Set(['shared', 'theirs', 'asked']));
});

test('a thumbnail keeps its bytes, type and size', async () => {
  const database = freshDatabase();
  await putThumbnails(database, [thumbnail('h')]);
  const stored = await getThumbnail(database, 'h');
  expect([stored?.blob.type, await stored?.blob.text(), stored?.width, stored?.height]).toEqual([
    'image/webp',
    '12345',
    4,
    3,
  ]);
  expect(await getThumbnail(database, 'other')).toBeNull();
});

test('the newest twenty queries are kept', async () => {
  const database = freshDatabase();
  for (let i = 0; i < 22; i++) {
    await putQuery(database, { hash: `h${i}`, name: `${i}.jpg`, blob: new Blob([`${i}`]), addedAt: i });
  }
  // Asked again: the newest now.
  await putQuery(database, { hash: 'h2', name: '2.jpg', blob: new Blob(['2']), addedAt: 100 });
  const kept = await listQueries(database);
  expect(kept.map(({ hash }) => hash)).toEqual(['h2', ...Array.from({ length: 19 }, (_, i) => `h${21 - i}`)]);
  expect(await kept[1]?.blob.text()).toBe('21');
});

test('a run that does not fit its schema is left out', async () => {
  const database = freshDatabase();
  await putRun(database, 'a', 'good', { top1: 1 }, judged);
  await putRun(database, 'a', 'old', { accuracy: 1 }, judged);
  expect([...(await getRuns(database, 'a', v.object({ top1: v.number() })))]).toEqual([['good', { top1: 1 }]]);
});

test('the queries of a run are read with the images and labels that they count, and go with the run', async () => {
  const database = freshDatabase();
  await putRun(database, 'a', 'run', { top1: 1 }, judged);
  const { subject, outcomes, neighbours } = judgedRun;
  expect(await getOutcomes(database, 'a', 'run', 'test', subject)).toMatchObject(outcomes);
  expect(await getNeighbours(database, 'a', 'run', 'test', subject)).toMatchObject(neighbours);
  expect(await getOutcomes(database, 'a', 'run', 'test', 'other labels')).toBeNull();
  expect(await getOutcomes(database, 'a', 'run', 'validation', subject)).toBeNull();
  // Scored again without test labels, nothing old stays behind.
  await putRun(database, 'a', 'run', { top1: 1 }, { test: null, validation: judgedRun });
  expect(await getNeighbours(database, 'a', 'run', 'test', subject)).toBeNull();
  await deleteRun(database, 'a', 'run');
  expect(await getOutcomes(database, 'a', 'run', 'validation', subject)).toBeNull();
  expect((await getRuns(database, 'a', v.unknown())).size).toBe(0);
});

test('usage counts what is stored, and a deleted part is empty', async () => {
  const database = freshDatabase();
  await fill(database, 'a', ['x', 'y']);
  await putQuery(database, { hash: 'q', name: 'q.jpg', blob: new Blob(['1234567']), addedAt: 1 });
  const usage = await estimateUsage(database);
  expect(usage.features).toEqual({ bytes: 2 * 8, entries: 2, items: [{ id: 'weights', bytes: 2 * 8, entries: 2 }] });
  expect(usage.thumbnails).toMatchObject({ bytes: 10, entries: 2 });
  expect(usage.queries).toMatchObject({ bytes: 7, entries: 1 });
  expect(usage.datasets.items).toEqual([{ id: 'a', name: 'a', bytes: usage.datasets.bytes, entries: 2 }]);
  expect(usage.datasets.bytes).toBeGreaterThan(100);
  await deletePart(database, 'features');
  expect((await estimateUsage(database)).features).toEqual({ bytes: 0, entries: 0, items: [] });
  expect(await getFiles(database, 'a')).toHaveLength(2);
  await deletePart(database, 'datasets');
  expect(await listDatasets(database)).toEqual([]);
});

test('embeddings of other images, or in another order, are not given out', async () => {
  const database = freshDatabase();
  const key = { datasetId: 'a', modelId: 'm', split: 'gallery' } as const;
  const matrix = Float32Array.from({ length: 5000 * 3 }, (_, i) => i);
  const digest = await orderDigest(['x', 'y']);
  await putEmbeddings(database, key, digest, { matrix, dimensions: 3 });
  expect(await getEmbeddings(database, key, digest)).toEqual({ matrix, dimensions: 3 });
  expect(await getEmbeddings(database, key, await orderDigest(['y', 'x']))).toBeNull();
  await putEmbeddings(database, key, digest, { matrix: matrix.slice(0, 6), dimensions: 3 });
  expect((await getEmbeddings(database, key, digest))?.matrix).toHaveLength(6);
});

test('a run takes a name and a note, and gives them up again; the rest of it stays', async () => {
  const database = await freshDatabase();
  const schema = v.object({ top1: v.number(), name: v.exactOptional(v.string()), note: v.exactOptional(v.string()) });
  const stored = async () => (await getRuns(database, 'a', schema)).get('run');
  await putRun(database, 'a', 'run', { top1: 1 }, judged);
  await describeRun(database, 'a', 'run', { name: 'For the paper', note: 'with the new photos' });
  expect(await stored()).toEqual({ top1: 1, name: 'For the paper', note: 'with the new photos' });
  expect(await getOutcomes(database, 'a', 'run', 'test', judgedRun.subject)).not.toBeNull();
  await describeRun(database, 'a', 'run', { name: '', note: 'alone' });
  expect(await stored()).toEqual({ top1: 1, note: 'alone' });
  await deleteRun(database, 'a', 'run');
  await describeRun(database, 'a', 'run', { name: 'Gone', note: '' });
  expect(await stored()).toBeUndefined();
});

test('how a run was chosen is kept with it, the latest choice for each k', async () => {
  const database = await freshDatabase();
  const schema = v.object({
    top1: v.number(),
    name: v.exactOptional(v.string()),
    chosen: v.exactOptional(v.array(v.unknown())),
  });
  const stored = async () => (await getRuns(database, 'a', schema)).get('run');
  await putRun(database, 'a', 'run', { top1: 1 }, judged);
  for (const [k, tried] of [
    [10, 4],
    [1, 5],
    [10, 6],
  ] as const) {
    await noteChosen(database, 'a', 'run', { k, tried });
  }
  await describeRun(database, 'a', 'run', { name: 'Best', note: '' });
  const chosen = [
    { k: 1, tried: 5 },
    { k: 10, tried: 6 },
  ];
  expect(await stored()).toEqual({ top1: 1, name: 'Best', chosen });
  await deleteRun(database, 'a', 'run');
  await noteChosen(database, 'a', 'run', { k: 1, tried: 7 });
  expect(await stored()).toBeUndefined();
});
