import factory, { type HnswlibModule } from 'hnswlib-wasm/lib/hnswlib.mjs';
import { AppError, aborted, toAppError } from '../errors.ts';
import { dot } from '../math/similarity.ts';
import type { Hit } from '../types.ts';
import { groupDuplicates } from './duplicates.ts';
import { exactIndex } from './exact.ts';
import type { Gallery, VectorIndex } from './vector-index.ts';

/** Graph parameters of Malkov & Yashunin 2018: links a point (M), candidates while building and while searching. */
export interface HnswSettings {
  readonly m: number;
  readonly efConstruction: number;
  readonly efSearch: number;
}

/** M and efConstruction as the paper advises; efSearch is twice what recall@10 ≥ 0.99 took on galleries in clusters. */
export const DEFAULT_HNSW: HnswSettings = { m: 16, efConstruction: 200, efSearch: 64 };

export interface HnswIndex extends VectorIndex {
  setEfSearch(efSearch: number): void;
}

/** Points between two chances to cancel: 10 to 150 ms, by their number and dimensions. */
const POINTS_PER_CHUNK = 32;

/** Draws the points' levels; any number does, so long as it stays the same: same gallery, same index. */
const LEVEL_SEED = 100;

/**
 * Loads hnswlib. Each call gives a module with a WASM memory of its own: such a memory never shrinks, so an index is
 * freed for good only with its module. Throws AppError 'engine-unavailable' where the browser or the page's content
 * security policy forbids it.
 */
export async function loadHnswlib(): Promise<HnswlibModule> {
  try {
    return await factory();
  } catch (cause) {
    throw new AppError(
      'engine-unavailable',
      `The HNSW index could not be started (${toAppError(cause).message}). Exact search goes on answering.`,
      { cause },
    );
  }
}

/**
 * Builds HNSW over a gallery, which stays the caller's and must outlive the index. Yields the number of rows added
 * after each chunk; ended early (`return()`), it frees everything. Throws AppError 'bad-argument' where the gallery
 * exceeds the 2 GiB that hnswlib's WASM memory can grow to.
 *
 * Equal rows are indexed once: more than M of them would link to one another only, and cut themselves off.
 */
export function* buildHnsw(
  { HierarchicalNSW }: HnswlibModule,
  gallery: Gallery,
  { m, efConstruction, efSearch }: HnswSettings,
): Generator<number, HnswIndex> {
  const { embeddings, dimensions, rows } = gallery;
  const { representatives, rowsOf } = groupDuplicates(gallery);
  const points = representatives.length;
  // Rows are unit vectors already, so the inner product is the cosine; 'cosine' would round them a second time.
  // The empty name keeps hnswlib from saving the index after every change.
  const graph = new HierarchicalNSW('ip', dimensions, '');
  let built = false;
  try {
    withinMemory(points, dimensions, () => {
      // Sizes beyond 32 bits would wrap around unnoticed in hnswlib.
      if (points * 4 * (dimensions + 2 * m) >= 2 ** 31) throw new RangeError('More than 2 GiB.');
      // An empty index still wants room for one.
      graph.initIndex(Math.max(1, points), m, efConstruction, LEVEL_SEED);
    });
    for (let from = 0; from < points; from += POINTS_PER_CHUNK) {
      const labels = Array.from(representatives.subarray(from, from + POINTS_PER_CHUNK));
      const rowsOfChunk = labels.map((row) => embeddings.subarray(row * dimensions, (row + 1) * dimensions));
      withinMemory(points, dimensions, () => graph.addPoints(rowsOfChunk, labels, false));
      const next = representatives[from + POINTS_PER_CHUNK];
      yield next ?? rows;
    }
    graph.setEfSearch(efSearch);
    built = true;
  } finally {
    if (!built) graph.delete();
  }

  const exact = exactIndex(gallery);
  let disposed = false;
  return {
    kind: 'hnsw',
    search(query, k) {
      // Whoever still searches was overtaken by a newer gallery or index.
      if (disposed) throw aborted();
      const wanted = Math.min(k, rows);
      if (wanted < 1) return [];
      const { neighbors } = graph.searchKnn(query, Math.min(wanted, points), undefined);
      const hits = neighbors.flatMap((representative) => {
        const similarity = dot(query, embeddings, 0, representative * dimensions, dimensions);
        return rowsOf(representative).map((row): Hit => ({ row, similarity }));
      });
      // A point that nothing links to is never found: rather than answer too few, compare with all.
      if (hits.length < wanted) return exact.search(query, k);
      return hits.sort((a, b) => b.similarity - a.similarity || a.row - b.row).slice(0, wanted);
    },
    setEfSearch(next) {
      graph.setEfSearch(next);
    },
    dispose() {
      if (!disposed) graph.delete();
      disposed = true;
    },
  };
}

/** Runs what takes WASM memory. With points as checked as these are, hnswlib has no other reason to throw. */
function withinMemory(points: number, dimensions: number, take: () => void): void {
  try {
    take();
  } catch (cause) {
    throw new AppError(
      'bad-argument',
      `${points} images of ${dimensions} numbers are more than an HNSW index can hold in the browser (2 GiB). Exact search goes on answering.`,
      { cause },
    );
  }
}
