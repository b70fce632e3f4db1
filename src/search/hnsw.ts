import { AppError, aborted } from '../errors.ts';
import type { Hit } from '../types.ts';
import type { DuplicateGroups } from './duplicates.ts';
import type { VectorIndex } from './vector-index.ts';

/** Graph parameters of Malkov & Yashunin 2018: links a point (M), candidates while building and while searching. */
export interface HnswSettings {
  readonly m: number;
  readonly efConstruction: number;
  readonly efSearch: number;
}

/** M and efConstruction as the paper advises; efSearch is twice what recall@10 ≥ 0.99 took on galleries in clusters. */
export const DEFAULT_HNSW: HnswSettings = { m: 16, efConstruction: 200, efSearch: 64 };

/** Draws the points' levels; any number does, so long as it stays the same: same gallery, same index. */
export const LEVEL_SEED = 100;

/** The graph itself, by any library; its points are rows of a gallery that it knows. */
export interface HnswGraph {
  /** Adds points. Throws where the memory does not suffice. */
  add(rows: Int32Array): void;
  /** About the k nearest points of each of `queries` [m, dimensions], with their exact similarities, in any order. */
  nearest(queries: Float32Array, k: number, efSearch: number): Hit[][];
  /** The finished graph as bytes, for HeldGallery.loadHnsw; null where the library cannot tell. */
  save(): Uint8Array<ArrayBuffer> | null;
  delete(): void;
}

export interface HnswIndex extends VectorIndex {
  setEfSearch(efSearch: number): void;
  /** The same as searching with each of `queries` [m, dimensions], in one call. */
  searchAll(queries: Float32Array, k: number): Hit[][];
  /** See HnswGraph.save. */
  save(): Uint8Array<ArrayBuffer> | null;
}

/** What is indexed, as far as the graph does not know it. */
export interface Indexed {
  readonly rows: number;
  readonly dimensions: number;
  readonly duplicates: DuplicateGroups;
  /** Answers where the graph cannot. */
  readonly exact: VectorIndex;
}

/** Points between two chances to cancel: 10 to 150 ms, by their number and dimensions. */
const POINTS_PER_CHUNK = 32;

/**
 * Builds HNSW in the empty graph that `open` makes, and which the index owns then. Yields the number of rows added after
 * each chunk; ended early (`return()`), it deletes the graph.
 *
 * Equal rows are indexed once: more than M of them would link to one another only, and cut themselves off.
 */
export function* buildHnsw(open: () => HnswGraph, indexed: Indexed, efSearch: number): Generator<number, HnswIndex> {
  const { representatives } = indexed.duplicates;
  const graph = open();
  let built = false;
  try {
    for (let from = 0; from < representatives.length; from += POINTS_PER_CHUNK) {
      graph.add(representatives.subarray(from, from + POINTS_PER_CHUNK));
      yield representatives[from + POINTS_PER_CHUNK] ?? indexed.rows;
    }
    built = true;
  } finally {
    if (!built) graph.delete();
  }
  return hnswIndex(graph, indexed, efSearch);
}

/** The index over a finished graph, which it owns. */
export function hnswIndex(graph: HnswGraph, indexed: Indexed, efSearch: number): HnswIndex {
  const { rows, dimensions, duplicates, exact } = indexed;
  let breadth = efSearch;
  let disposed = false;

  function complete(found: readonly Hit[], query: Float32Array, wanted: number): Hit[] {
    const hits = found.flatMap(({ row, similarity }) =>
      duplicates.rowsOf(row).map((equal): Hit => ({ row: equal, similarity })),
    );
    // A point that nothing links to is never found: rather than answer too few, compare with all.
    if (hits.length < wanted) return exact.search(query, wanted);
    return hits.sort((a, b) => b.similarity - a.similarity || a.row - b.row).slice(0, wanted);
  }

  function searchAll(queries: Float32Array, k: number): Hit[][] {
    // A search still under way was overtaken by a newer gallery or index.
    if (disposed) throw aborted();
    const wanted = Math.min(k, rows);
    if (wanted < 1) return Array.from({ length: queries.length / dimensions }, () => []);
    const points = Math.min(wanted, duplicates.representatives.length);
    return graph
      .nearest(queries, points, breadth)
      .map((found, i) => complete(found, queries.subarray(i * dimensions, (i + 1) * dimensions), wanted));
  }

  return {
    search: (query, k) => searchAll(query, k)[0] ?? [],
    searchAll,
    setEfSearch(next) {
      breadth = next;
    },
    save: () => graph.save(),
    dispose() {
      if (!disposed) graph.delete();
      disposed = true;
    },
  };
}

/** What is said where a graph does not fit the memory. */
export function tooLargeForHnsw(points: number, dimensions: number, gigabytes: number, cause?: unknown): AppError {
  return new AppError(
    'bad-argument',
    `${points} images of ${dimensions} numbers are more than an HNSW index can hold in the browser (${gigabytes} GiB). Exact search goes on answering.`,
    { cause },
  );
}
