import factory, { type HnswlibModule } from 'hnswlib-wasm/lib/hnswlib.mjs';
import { AppError, toAppError } from '../../errors.ts';
import { dot } from '../../math/similarity.ts';
import { type HnswGraph, type HnswSettings, LEVEL_SEED, tooLargeForHnsw } from '../hnsw.ts';
import type { Gallery } from '../vector-index.ts';

/**
 * Loads hnswlib-wasm as published. Each call gives a module with a WASM memory of its own: such a memory never shrinks,
 * so an index is freed for good only with its module. Throws AppError 'engine-unavailable' where the browser or the
 * page's content security policy forbids it.
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
 * An empty graph for `points` rows of a gallery, which stays the caller's and must outlive it. Throws AppError
 * 'bad-argument' where they exceed the 2 GiB that this WASM memory can grow to.
 */
export function publishedGraph(
  { HierarchicalNSW }: HnswlibModule,
  { embeddings, dimensions }: Gallery,
  points: number,
  { m, efConstruction }: HnswSettings,
): HnswGraph {
  // Rows are unit vectors already, so the inner product is the cosine; 'cosine' would round them a second time.
  // The empty name keeps hnswlib from saving the index after every change.
  const graph = new HierarchicalNSW('ip', dimensions, '');

  /** With points as checked as these are, hnswlib has no other reason to throw. */
  function withinMemory(take: () => void): void {
    try {
      take();
    } catch (cause) {
      throw tooLargeForHnsw(points, dimensions, 2, cause);
    }
  }

  const rowOf = (row: number) => embeddings.subarray(row * dimensions, (row + 1) * dimensions);
  let made = false;
  try {
    withinMemory(() => {
      // Sizes beyond 32 bits would wrap around unnoticed in hnswlib.
      if (points * 4 * (dimensions + 2 * m) >= 2 ** 31) throw new RangeError('More than 2 GiB.');
      // An empty index still wants room for one.
      graph.initIndex(Math.max(1, points), m, efConstruction, LEVEL_SEED);
    });
    made = true;
  } finally {
    if (!made) graph.delete();
  }
  return {
    add(rows) {
      const labels = Array.from(rows);
      withinMemory(() => graph.addPoints(labels.map(rowOf), labels, false));
    },
    nearest(queries, k, efSearch) {
      graph.setEfSearch(efSearch);
      return Array.from({ length: queries.length / dimensions }, (_, i) => {
        const query = queries.subarray(i * dimensions, (i + 1) * dimensions);
        const { neighbors } = graph.searchKnn(query, k, undefined);
        return neighbors.map((row) => ({ row, similarity: dot(query, embeddings, 0, row * dimensions, dimensions) }));
      });
    },
    // It writes to a file system of its own, which the package does not expose.
    save: () => null,
    delete: () => graph.delete(),
  };
}
