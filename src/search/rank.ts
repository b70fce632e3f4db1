import { emptyRankings, type Rankings } from '../math/topk.ts';
import { countRows } from '../math/vectors.ts';
import type { HnswIndex } from './hnsw.ts';

/** Queries that are searched in one call: fewer calls into WASM, and soon enough a chance to cancel. */
const QUERIES_PER_CALL = 16;

/**
 * Rankings of `queries` [m, dimensions] by an index. Yields the number of queries done after each call. For exact
 * rankings see HeldGallery.rank.
 */
export function* rankWith(
  index: HnswIndex,
  queries: Float32Array,
  dimensions: number,
  k: number,
): Generator<number, Rankings> {
  const m = countRows(queries, dimensions);
  const rankings = emptyRankings(m, k);
  for (let from = 0; from < m; from += QUERIES_PER_CALL) {
    const to = Math.min(m, from + QUERIES_PER_CALL);
    index.searchAll(queries.subarray(from * dimensions, to * dimensions), k).forEach((hits, i) => {
      hits.forEach(({ row, similarity }, rank) => {
        rankings.rows[(from + i) * k + rank] = row;
        rankings.similarities[(from + i) * k + rank] = similarity;
      });
    });
    yield to;
  }
  return rankings;
}
