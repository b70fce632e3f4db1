import { afterEach, expect, test } from 'vitest';
import { clusters } from '../../../scripts/bench/clusters.ts';
import {
  buildIndex,
  indexFor,
  keepIndex,
  loadIndex,
  openForQueries,
  openGallery,
  type StoredAt,
  searchGallery,
} from '../../../src/core/gallery.ts';
import { wholeBlock } from '../../../src/core/run-blocks.ts';
import { searchKernel } from '../../../src/core/search-client.ts';
import { openDatabase } from '../../../src/storage/database.ts';
import { deleteDataset } from '../../../src/storage/datasets.ts';
import { deleteEmbeddings } from '../../../src/storage/embeddings.ts';
import { getIndex, putIndex } from '../../../src/storage/indexes.ts';
import { freshDatabase } from '../storage/fresh-database.ts';
import { contextOver } from './context.ts';

/** Indexes are stored in databases of their own. */
const context = contextOver(openDatabase('never opened'));
const D = 32;
const stored: StoredAt = { at: { datasetId: 'd', modelId: 'm', split: 'gallery' }, digest: 'digest' };
const open = (key: string, rows = 400, dimensions = D) =>
  openGallery(
    context,
    key,
    wholeBlock(rows, async () => ({ matrix: clusters(rows, dimensions), dimensions })),
  );
const build = (key: string) => buildIndex(context, key, 'hnsw', 64, new AbortController().signal, () => {});
const answers = async (key: string) => searchGallery(context, key, clusters(1, D, { seed: 4 }), 10, 'hnsw');

afterEach(() => context.search.dropGalleriesBut());

test('an index that was built and kept answers after a reload without being built', async () => {
  const database = freshDatabase();
  await open('a');
  expect(await loadIndex({ ...context, database }, 'a', 'hnsw', stored, 64)).toBe(false);
  await build('a');
  await keepIndex({ ...context, database }, 'a', 'hnsw', stored);
  const { hits, index } = await answers('a');
  expect(index).toBe('hnsw');
  // The worker's galleries go; what is stored stays.
  await context.search.dropGalleriesBut();
  await open('a');
  expect((await answers('a')).index).toBe('exact');
  expect(await loadIndex({ ...context, database }, 'a', 'hnsw', stored, 64)).toBe(true);
  expect(await answers('a')).toMatchObject({ index: 'hnsw', hits });
});

test('a stored index of other images, of other vectors, or a damaged one is not loaded', async () => {
  const database = freshDatabase();
  await open('a');
  await build('a');
  await keepIndex({ ...context, database }, 'a', 'hnsw', stored);
  expect(await loadIndex({ ...context, database }, 'a', 'hnsw', { ...stored, digest: 'other' }, 64)).toBe(false);
  const bytes = await getIndex(database, stored.at, stored.digest);
  if (!bytes) throw new Error('Nothing was stored.');
  await putIndex(database, stored.at, stored.digest, bytes.subarray(0, bytes.length - 8));
  expect(await loadIndex({ ...context, database }, 'a', 'hnsw', stored, 64)).toBe(false);
  await putIndex(database, stored.at, stored.digest, bytes);
  await open('b', 401);
  expect(await loadIndex({ ...context, database }, 'b', 'hnsw', stored, 64)).toBe(false);
  expect((await answers('b')).index).toBe('exact');
});

test('an index goes with its embeddings, and with its data set', async () => {
  const database = freshDatabase();
  await putIndex(database, stored.at, stored.digest, Uint8Array.of(1));
  await deleteEmbeddings(database, 'd');
  expect(await getIndex(database, stored.at, stored.digest)).toBeNull();
  await putIndex(database, stored.at, stored.digest, Uint8Array.of(1));
  await deleteDataset(database, 'd');
  expect(await getIndex(database, stored.at, stored.digest)).toBeNull();
});

test('a gallery that other work freed comes back with the next query, and work that was under way goes on', async () => {
  const rows = wholeBlock(400, async () => ({ matrix: clusters(400, D), dimensions: D }));
  await openForQueries(context, 'shown', rows);
  const before = await answers('shown');
  await open('evaluated', 300);
  expect(context.search.holds('shown')).toBe(false);
  expect(await answers('shown')).toMatchObject({ hits: before.hits, index: 'exact' });
  expect((await answers('evaluated')).hits).toHaveLength(10);
});

test('galleries that are opened at the same time do not mix their rows', async () => {
  await Promise.all([open('a', 350), open('b', 300), open('b', 300)]);
  const calm = await answers('b');
  await context.search.dropGalleriesBut();
  await open('b', 300);
  expect((await answers('b')).hits).toEqual(calm.hits);
});

test('exact search answers by itself in small galleries, HNSW in large ones, and what a user chose in all', async () => {
  await open('small');
  expect(indexFor(context, 'small', 'auto')).toBe('exact');
  expect(indexFor(context, 'small', 'hnsw')).toBe('hnsw');
  // Zero vectors are rows as good as any.
  const zeros = async () => ({ matrix: new Float32Array(8193 * 2048), dimensions: 2048 });
  await openGallery(context, 'large', wholeBlock(8193, zeros));
  expect(indexFor(context, 'large', 'auto')).toBe('hnsw');
  expect(indexFor(context, 'large', 'exact')).toBe('exact');
  expect(searchKernel()).toBe('simd');
});
