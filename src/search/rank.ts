import { emptyRankings, type Rankings } from '../math/topk.ts';
import { countRows } from '../math/vectors.ts';
import type { VectorIndex } from './vector-index.ts';

/**
 * Rankings of `queries` [m, dimensions] by an index. Yields the number of queries done after each one. For exact
 * rankings of many queries exactTopK is twice as fast.
 */
export function* rankWith(
  index: VectorIndex,
  queries: Float32Array,
  dimensions: number,
  k: number,
): Generator<number, Rankings> {
  const m = countRows(queries, dimensions);
  const rankings = emptyRankings(m, k);
  for (let i = 0; i < m; i++) {
    const hits = index.search(queries.subarray(i * dimensions, (i + 1) * dimensions), k);
    hits.forEach(({ row, similarity }, rank) => {
      rankings.rows[i * k + rank] = row;
      rankings.similarities[i * k + rank] = similarity;
    });
    yield i + 1;
  }
  return rankings;
}
