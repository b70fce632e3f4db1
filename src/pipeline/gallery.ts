import { median } from '../math/statistics.ts';
import type { Database } from '../storage/database.ts';
import type { Embeddings, EmbeddingsKey } from '../storage/embeddings.ts';
import { getIndex, putIndex } from '../storage/indexes.ts';
import type { IndexChoice, IndexKind } from '../types.ts';
import { controlled, move } from '../workers/connect.ts';
import type { SearchAnswer } from '../workers/protocol.ts';
import { dropGalleriesBut, holdsGallery, lostGallery, markHeld, numbersHeld, searchWorker } from './search-client.ts';
import { repeatedOnce } from './worker-faults.ts';

/** Queries that recall is measured with: enough for the third digit, few enough not to be noticed. */
const RECALL_QUERIES = 200;

export interface RecallReport {
  readonly recallAt10: number;
  readonly hnswMs: number;
  readonly exactMs: number;
}

/** How the gallery opened last is loaded again, should the worker die. */
let loading: { readonly key: string; readonly load: () => Promise<Embeddings> } | null = null;

/** Hands a gallery to the search worker, unless it holds it already; others are freed. `load` is called when needed. */
export async function openGallery(key: string, load: () => Promise<Embeddings>): Promise<void> {
  if (holdsGallery(key)) return;
  loading = { key, load };
  await repeatedOnce(null, async () => {
    await dropGalleriesBut();
    await hand(key, load);
  });
}

async function hand(key: string, load: () => Promise<Embeddings>): Promise<void> {
  const { matrix, dimensions } = await load();
  const numbers = matrix.length;
  await searchWorker().put(key, move(matrix, matrix.buffer), dimensions);
  markHeld(key, numbers);
}

/**
 * Numbers in a gallery's embeddings (32,768 images of 512) up to which exact search takes less than a frame of 16 ms a
 * query. HNSW answers faster, but building it takes as long as thousands of exact searches (docs/performance.md), so that
 * it is exact search that is faster in total; above, a person would wait for every answer.
 */
const EXACT_UP_TO = 2 ** 24;

/** The index that answers: the one that was chosen, or for 'auto' the one that is faster in total on an open gallery. */
export function indexFor(key: string, choice: IndexChoice): IndexKind {
  if (choice !== 'auto') return choice;
  return numbersHeld(key) <= EXACT_UP_TO ? 'exact' : 'hnsw';
}

/**
 * Hands the gallery over anew where it went with a worker that died, without its HNSW. True where it did. Nothing else is
 * freed: somebody may be at work on it.
 */
export async function restoreGallery(key: string): Promise<boolean> {
  if (!lostGallery(key) || loading?.key !== key) return false;
  await hand(key, loading.load);
  return true;
}

/** Asks about an open gallery; where the worker dies of it or died before, once more with a new one. */
function asked<R>(key: string, ask: () => Promise<R>): Promise<R> {
  return repeatedOnce(null, async () => {
    await restoreGallery(key);
    return ask();
  });
}

/** Builds HNSW over an open gallery; exact search answers meanwhile. Progress is the number of rows added. */
export async function buildIndex(
  key: string,
  efSearch: number,
  signal: AbortSignal,
  onProgress: (rows: number) => void,
): Promise<{ ms: number }> {
  return controlled<number, { ms: number }>(signal, onProgress, (control) =>
    searchWorker().build(key, { efSearch }, control),
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
  database: Database,
  key: string,
  { at, digest }: StoredAt,
  efSearch: number,
): Promise<boolean> {
  const saved = await getIndex(database, at, digest);
  return saved !== null && (await searchWorker().load(key, move(saved, saved.buffer), { efSearch }));
}

/** Stores the index of an open gallery, so that it need not be built again; of a kernel that cannot tell, it does nothing. */
export async function keepIndex(database: Database, key: string, { at, digest }: StoredAt): Promise<void> {
  const bytes = await searchWorker().save(key);
  if (bytes) await putIndex(database, at, digest, bytes);
}

/** Measures HNSW against exact search on this gallery, with up to 200 of the given queries ([n, dimensions]). */
export async function measureRecall(key: string, queries: Embeddings): Promise<RecallReport> {
  const { matrix, dimensions } = queries;
  const sample = matrix.slice(0, RECALL_QUERIES * dimensions);
  const { recall, hnswMs, exactMs } = await searchWorker().recall(key, move(sample, sample.buffer), 10);
  return { recallAt10: recall, hnswMs, exactMs };
}

export function searchGallery(
  key: string,
  query: Float32Array<ArrayBuffer>,
  k: number,
  index: IndexKind,
): Promise<SearchAnswer> {
  return asked(key, () => searchWorker().search(key, query, k, index));
}

/** Median time of one query for its ten nearest, in ms, over up to 50 of the given queries. */
export async function medianQueryMs(
  key: string,
  { matrix, dimensions }: Embeddings,
  index: IndexKind,
): Promise<number> {
  const times: number[] = [];
  for (let row = 0; row < Math.min(50, matrix.length / dimensions); row++) {
    const query = matrix.slice(row * dimensions, (row + 1) * dimensions);
    times.push((await searchGallery(key, query, 10, index)).ms);
  }
  return times.length === 0 ? 0 : median(times);
}

export async function setEfSearch(key: string, efSearch: number): Promise<void> {
  await asked(key, () => searchWorker().setEfSearch(key, efSearch));
}
