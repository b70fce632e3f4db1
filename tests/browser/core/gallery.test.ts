import { afterEach, expect, test } from 'vitest';
import { clusters } from '../../../scripts/bench/clusters.ts';
import {
  buildIndex,
  heldFor,
  indexFor,
  keepIndex,
  loadIndex,
  openForQueries,
  openGallery,
  type StoredAt,
  searchGallery,
  withGallery,
} from '../../../src/core/gallery.ts';
import { storedRows, wholeBlock } from '../../../src/core/run-blocks.ts';
import { createSearchClient, searchKernel } from '../../../src/core/search-client.ts';
import type { IndexKind } from '../../../src/search/backends.ts';
import { openDatabase } from '../../../src/storage/database.ts';
import { deleteDataset } from '../../../src/storage/datasets.ts';
import { deleteEmbeddings, getEmbeddings, putEmbeddings } from '../../../src/storage/embeddings.ts';
import { getCodes, getIndex, putCodes, putIndex } from '../../../src/storage/indexes.ts';
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

test('8-bit codes are kept beside the vectors of a large gallery, read at the next start, and made again where they are damaged', async () => {
  const database = freshDatabase();
  const rows = 5000;
  await putEmbeddings(database, stored.at, stored.digest, { matrix: clusters(rows, D), dimensions: D });
  const kept = () => database.read((connection) => connection.getAll('codes'));
  const bytesOf = async () =>
    Promise.all((await kept()).map(async ({ file }) => new Uint8Array(await file.arrayBuffer())));
  const put = (block: number, bytes: Uint8Array<ArrayBuffer>) =>
    putCodes(database, stored.at, stored.digest, block, new Blob([bytes]));
  const from = storedRows({ database }, stored.at, stored.digest, rows);
  /** As a page does that is loaded again. */
  const start = async () => {
    const search = createSearchClient(rows - 1);
    await openForQueries({ search }, 'large', from);
    const { hits } = await searchGallery({ search }, 'large', clusters(1, D, { seed: 4 }), 10, 'codes');
    return { hits, search };
  };
  const first = await start();
  await expect.poll(async () => (await kept()).length, { timeout: 30_000 }).toBe(2);
  const [one, two] = await bytesOf();
  if (!one || !two) throw new Error('There are two blocks.');

  const second = await start();
  expect(second.hits).toEqual(first.hits);
  const files = await from.files?.();
  if (!files?.codes) throw new Error('The rows are stored.');
  const { dimensions, blocks, codes } = files;
  const made = await second.search.worker().openCodes('again', { rows, dimensions, blocks, codes: codes.files });
  expect(made).toEqual([]);

  await put(
    1,
    two.map((byte, i) => (i === 99 ? byte ^ 1 : byte)),
  );
  const third = await start();
  expect(third.hits).toEqual(first.hits);
  await expect.poll(bytesOf, { timeout: 30_000 }).toEqual([one, two]);

  // Other vectors have none, and what comes late for those before is not kept.
  await putEmbeddings(database, stored.at, 'others', { matrix: clusters(rows, D, { seed: 7 }), dimensions: D });
  expect(await kept()).toEqual([]);
  expect(await put(0, one)).toBe(false);
  expect(await kept()).toEqual([]);
  for (const { search } of [first, second, third]) await search.dropGalleriesBut();
});

test('an index goes with its embeddings, and with its data set, and so do codes', async () => {
  const database = freshDatabase();
  for (const forget of [deleteEmbeddings, deleteDataset]) {
    await putEmbeddings(database, stored.at, stored.digest, { matrix: clusters(4, D), dimensions: D });
    await putIndex(database, stored.at, stored.digest, Uint8Array.of(1));
    expect(await putCodes(database, stored.at, stored.digest, 0, new Blob(['codes']))).toBe(true);
    expect(await getCodes(database, stored.at, stored.digest, 1)).toEqual([expect.any(Blob)]);
    await forget(database, 'd');
    expect(await getIndex(database, stored.at, stored.digest)).toBeNull();
    expect(await getCodes(database, stored.at, stored.digest, 1)).toEqual([null]);
  }
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

const block = (rows: number) => wholeBlock(rows, async () => ({ matrix: clusters(rows, D), dimensions: D }));

// A user who began to search while a run was scored ended the scoring.
test('nobody frees a gallery that work goes on with, until that has ended', async () => {
  const work = { key: 'scored', rows: block(300), classes: null };
  const { ms } = await withGallery(context, work, async () => {
    await openForQueries(context, 'shown', block(400));
    await open('another', 200);
    return build('scored');
  });
  expect(ms).toBeGreaterThan(0);
  await open('next', 200);
  expect(context.search.holds('scored')).toBe(false);
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

test('a large gallery is held as codes, which answer as exact search does, and as its vectors where these are chosen', async () => {
  const database = freshDatabase();
  const rows = 5000;
  const matrix = clusters(rows, D);
  await putEmbeddings(database, stored.at, stored.digest, { matrix, dimensions: D });
  const large = { ...contextOver(database), search: createSearchClient(rows - 1) };
  const from = storedRows(large, stored.at, stored.digest, rows);
  const query = clusters(1, D, { seed: 4 });
  const ask = (index: IndexKind) => searchGallery(large, 'large', query.slice(), 10, index);
  await openForQueries(large, 'large', from);
  const usual = indexFor(large, 'large', 'auto');
  expect(usual).toBe('codes');
  const byCodes = await ask(usual);
  expect(byCodes.index).toBe('codes');
  // The rows are compared again where they are stored: as files, of which single rows can be read.
  const blocks = await database.read((connection) => connection.getAll('embeddingRows'));
  expect(blocks.map((block) => block instanceof Blob)).toEqual([true, true]);
  expect(await getEmbeddings(database, stored.at, stored.digest)).toEqual({ matrix, dimensions: D });
  // Each choice is answered by what it names, and nothing is held twice.
  const byVectors = await ask('exact');
  expect(byVectors).toMatchObject({ index: 'exact', hits: byCodes.hits });
  expect(await ask('hnsw')).toMatchObject({ index: 'exact' });
  expect(large.search.holds(heldFor('codes', 'large'))).toBe(false);
  // What other work frees comes back in the form that is asked for.
  await large.search.dropGalleriesBut();
  expect(await ask('codes')).toMatchObject({ index: 'codes', hits: byCodes.hits });
  expect(large.search.holds('large')).toBe(false);
  await openGallery(
    large,
    'small',
    wholeBlock(400, async () => ({ matrix: clusters(400, D), dimensions: D })),
  );
  expect(large.search.holds(heldFor('codes', 'large'))).toBe(false);
  expect(await ask('codes')).toMatchObject({ index: 'codes', hits: byCodes.hits });
  // Rows that are stored nowhere are codes as well.
  await openForQueries(
    large,
    'unstored',
    wholeBlock(rows, async () => ({ matrix: matrix.slice(), dimensions: D })),
  );
  expect(await searchGallery(large, 'unstored', query.slice(), 10, 'codes')).toMatchObject({ hits: byCodes.hits });
  await large.search.dropGalleriesBut();
});
