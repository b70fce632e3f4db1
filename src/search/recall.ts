import { AppError } from '../errors.ts';
import { median } from '../math/statistics.ts';
import { countRows } from '../math/vectors.ts';
import type { Hit } from '../types.ts';
import type { VectorIndex } from './vector-index.ts';

export interface Recall {
  /** Share of the exact k nearest that the index found. */
  readonly recall: number;
  /** Median milliseconds a query, of the index and of exact search. */
  readonly indexMs: number;
  readonly exactMs: number;
}

/**
 * Compares an index with exact search over `queries` [m, dimensions]. A hit counts when it is as similar as the exact
 * k-th, so that which of several equals was found does not matter. Yields the number of queries done after each one.
 * Throws AppError 'bad-argument' where there is no query.
 */
export function* measureRecall(
  index: VectorIndex,
  exact: VectorIndex,
  queries: Float32Array,
  dimensions: number,
  k: number,
): Generator<number, Recall> {
  const m = countRows(queries, dimensions);
  if (m === 0) throw new AppError('bad-argument', 'Recall cannot be measured without a query.');
  const indexMs = new Float64Array(m);
  const exactMs = new Float64Array(m);
  let found = 0;
  let wanted = 0;
  for (let i = 0; i < m; i++) {
    const query = queries.subarray(i * dimensions, (i + 1) * dimensions);
    const timed = (asked: VectorIndex, times: Float64Array): Hit[] => {
      const start = performance.now();
      const hits = asked.search(query, k);
      times[i] = performance.now() - start;
      return hits;
    };
    const truth = timed(exact, exactMs);
    const worst = truth.at(-1)?.similarity ?? Number.POSITIVE_INFINITY;
    found += timed(index, indexMs).filter(({ similarity }) => similarity >= worst).length;
    wanted += truth.length;
    yield i + 1;
  }
  return { recall: wanted === 0 ? 1 : found / wanted, indexMs: median(indexMs), exactMs: median(exactMs) };
}
