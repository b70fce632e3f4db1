import { median } from '../math/statistics.ts';
import { backendNamed, type IndexChoice, type IndexKind } from '../search/backends.ts';
import type { Embeddings, EmbeddingsKey, RowBlocks } from '../storage/embeddings.ts';
import { getIndex, putIndex } from '../storage/indexes.ts';
import { controlled, move } from '../workers/connect.ts';
import type { RankingName, RankQueries, SearchAnswer } from '../workers/protocol.ts';
import type { Context } from './context.ts';
import type { GalleryClasses, GallerySource, SearchClient } from './search-client.ts';
import { repeatedOnce } from './worker-faults.ts';

/** Queries that recall is measured with: enough for the third digit, few enough not to be noticed. */
const RECALL_QUERIES = 200;

export interface RecallReport {
  readonly recallAt10: number;
  readonly indexMs: number;
  readonly exactMs: number;
}

/** An order of the answers other than by similarity, with the cosines of the queries to each class. */
export interface QueryOrder {
  readonly ranking: RankingName;
  readonly classes: Embeddings;
}

/** Of a context, what galleries need. */
type Searching = Pick<Context, 'search'>;

/**
 * Hands a gallery to the search worker, unless it holds it already; others are freed, or all but the one that answers on the
 * screen. `rows` are read when needed. Where `classes` are given, rankings that use them may be asked for.
 */
export async function openGallery(
  { search }: Searching,
  key: string,
  rows: RowBlocks,
  classes: GalleryClasses | null = null,
  others: 'freed' | 'searched-kept' = 'freed',
): Promise<void> {
  const source = { key, rows, classes };
  const { searched } = search.sources;
  search.sources.openedLast = source;
  const kept = others === 'searched-kept' && searched ? [searched.key] : [];
  await search.inTurn(async () => {
    await repeatedOnce(null, async () => {
      if (!search.holds(key)) await search.dropGalleriesBut(...kept);
      await hand(search, source);
    });
  });
}

/** The same for the gallery that answers on the screen: where other work has freed it, the next query brings it back. */
export function openForQueries(
  { search }: Searching,
  key: string,
  rows: RowBlocks,
  classes: GalleryClasses | null = null,
): Promise<void> {
  search.sources.searched = { key, rows, classes };
  return openGallery({ search }, key, rows, classes);
}

/** What of it the worker does not hold. */
async function hand(search: SearchClient, { key, rows, classes }: GallerySource): Promise<void> {
  if (!search.holds(key)) await handRows(search, key, rows);
  if (classes && !search.holds(key, classes.name)) await handClasses(search, key, classes);
}

/** Block by block: this page never holds the whole. */
async function handRows(search: SearchClient, key: string, { rows, blocks }: RowBlocks): Promise<void> {
  // One worker for all blocks: where it dies between two of them, the next block shall not go to another.
  const worker = search.worker();
  let numbers = 0;
  for await (const { matrix, dimensions } of blocks()) {
    if (numbers === 0) await worker.open(key, rows, dimensions);
    numbers += matrix.length;
    await worker.fill(key, move(matrix, matrix.buffer));
  }
  search.markHeld(key, numbers);
}

async function handClasses(search: SearchClient, key: string, { name, settings, rows }: GalleryClasses): Promise<void> {
  const worker = search.worker();
  search.markClasses(key, null);
  let started = false;
  for await (const { matrix, dimensions } of rows.blocks()) {
    if (!started) await worker.openClasses(key, dimensions / settings.scales.length, settings);
    started = true;
    await worker.fillClasses(key, move(matrix, matrix.buffer));
  }
  search.markClasses(key, name);
}

/**
 * Numbers in a gallery's embeddings (32,768 images of 512) up to which exact search takes less than a frame of 16 ms a
 * query. HNSW answers faster, but building it takes as long as thousands of exact searches (docs/performance.md), so that
 * it is exact search that is faster in total; above, a user would wait for every answer.
 */
const EXACT_UP_TO = 2 ** 24;

/** The index that answers: the one that was chosen, or for 'auto' the one that is faster in total on an open gallery. */
export function indexFor({ search }: Searching, key: string, choice: IndexChoice): IndexKind {
  if (choice !== 'auto') return choice;
  return search.numbers(key) <= EXACT_UP_TO ? 'exact' : 'hnsw';
}

/** Whether the index has to be built before it answers. */
export const isBuilt = (kind: IndexKind): boolean => backendNamed(kind).capabilities.buildable;

/**
 * Hands the gallery over again, without its HNSW, where it went with a worker that died or had to make room for another.
 * True where it did. Nothing else is freed: somebody may be at work on it.
 */
export function restoreGallery({ search }: Searching, key: string): Promise<boolean> {
  return search.inTurn(async () => {
    const { searched, openedLast } = search.sources;
    const source = [searched, openedLast].find((known) => known?.key === key);
    if (!source || search.holds(key, source.classes?.name)) return false;
    await hand(search, source);
    return true;
  });
}

/** Asks about an open gallery; where the worker dies of it or has it no more, once more. */
function asked<R>(context: Searching, key: string, ask: () => Promise<R>): Promise<R> {
  return repeatedOnce(null, async () => {
    await restoreGallery(context, key);
    try {
      return await ask();
    } catch (error) {
      // Between the two lines above, other work may have taken its place.
      if (context.search.holds(key) || !(await restoreGallery(context, key))) throw error;
      return ask();
    }
  });
}

/** Builds an index over an open gallery; exact search answers meanwhile. Progress is the number of rows added. */
export async function buildIndex(
  { search }: Searching,
  key: string,
  kind: IndexKind,
  efSearch: number,
  signal: AbortSignal,
  onProgress: (rows: number) => void,
): Promise<{ ms: number }> {
  return controlled<number, { ms: number }>(signal, onProgress, (control) =>
    search.worker().build(key, kind, { efSearch }, control),
  );
}

/** Where the index of a gallery is stored. */
export interface StoredAt {
  readonly at: EmbeddingsKey;
  /** The orderDigest of the gallery's images. */
  readonly digest: string;
}

/** Hands the stored index of an open gallery to the worker; false where none is stored that fits. */
export async function loadIndex(
  { search, database }: Pick<Context, 'search' | 'database'>,
  key: string,
  kind: IndexKind,
  { at, digest }: StoredAt,
  efSearch: number,
): Promise<boolean> {
  const saved = await getIndex(database, at, digest);
  return saved !== null && (await search.worker().load(key, kind, move(saved, saved.buffer), { efSearch }));
}

/** Stores the index of an open gallery, so that it need not be built again; of a kernel that cannot tell, it does nothing. */
export async function keepIndex(
  { search, database }: Pick<Context, 'search' | 'database'>,
  key: string,
  kind: IndexKind,
  { at, digest }: StoredAt,
): Promise<void> {
  const bytes = await search.worker().save(key, kind);
  if (bytes) await putIndex(database, at, digest, bytes);
}

/** Measures an index against exact search on this gallery, with up to 200 of the given queries ([n, dimensions]). */
export async function measureRecall(
  { search }: Searching,
  key: string,
  kind: IndexKind,
  queries: Embeddings,
): Promise<RecallReport> {
  const { matrix, dimensions } = queries;
  const sample = matrix.slice(0, RECALL_QUERIES * dimensions);
  const { recall, indexMs, exactMs } = await search.worker().recall(key, kind, move(sample, sample.buffer), 10);
  return { recallAt10: recall, indexMs, exactMs };
}

export function searchGallery(
  context: Searching,
  key: string,
  query: Float32Array<ArrayBuffer>,
  k: number,
  index: IndexKind,
  by: RankQueries | null = null,
): Promise<SearchAnswer> {
  return asked(context, key, () => context.search.worker().search(key, query, k, index, by));
}

/** Median time of one query for its ten nearest, in ms, over up to 50 of the given queries. */
export async function medianQueryMs(
  context: Searching,
  key: string,
  queries: Embeddings,
  index: IndexKind,
  by: QueryOrder | null = null,
): Promise<number> {
  const times: number[] = [];
  const rowOf = ({ matrix, dimensions }: Embeddings, row: number) =>
    matrix.slice(row * dimensions, (row + 1) * dimensions);
  for (let row = 0; row < Math.min(50, queries.matrix.length / queries.dimensions); row++) {
    const order = by && { ranking: by.ranking, cosines: rowOf(by.classes, row) };
    times.push((await searchGallery(context, key, rowOf(queries, row), 10, index, order)).ms);
  }
  return times.length === 0 ? 0 : median(times);
}

export async function setEfSearch(context: Searching, key: string, efSearch: number): Promise<void> {
  await asked(context, key, () => context.search.worker().setEfSearch(key, efSearch));
}
