import { AppError } from '../errors.ts';
import { median } from '../math/statistics.ts';
import type { Rankings } from '../math/topk.ts';
import { countRows } from '../math/vectors.ts';
import type { OpenIndex } from './backend.ts';
import type { Work } from './work.ts';

export interface Recall {
  /** Share of the exact k nearest that the index found. */
  readonly recall: number;
  /** Median milliseconds a query, of the index and of exact search. */
  readonly indexMs: number;
  readonly exactMs: number;
}

/**
 * Compares an index with exact search over `queries` [m, dimensions], one by one. A hit counts when it is as similar as
 * the exact k-th, so that which of several equals was found does not matter. Throws AppError 'bad-argument' where there
 * is no query.
 */
export async function measureRecall(
  index: OpenIndex,
  exact: OpenIndex,
  queries: Float32Array,
  dimensions: number,
  k: number,
  work: Work,
): Promise<Recall> {
  const m = countRows(queries, dimensions);
  if (m === 0) throw new AppError('bad-argument', 'Recall cannot be measured without a query.');
  const indexMs = new Float64Array(m);
  const exactMs = new Float64Array(m);
  let found = 0;
  let wanted = 0;
  for (let i = 0; i < m; i++) {
    const query = queries.subarray(i * dimensions, (i + 1) * dimensions);
    const timed = async (asked: OpenIndex, times: Float64Array): Promise<Rankings> => {
      const start = performance.now();
      const hits = await asked.search(query, k, work);
      times[i] = performance.now() - start;
      return hits;
    };
    const truth = await timed(exact, exactMs);
    const nearest = truth.rows.filter((row) => row >= 0).length;
    const worst = truth.similarities[nearest - 1] ?? Number.POSITIVE_INFINITY;
    found += (await timed(index, indexMs)).similarities.filter((similarity) => similarity >= worst).length;
    wanted += nearest;
  }
  return { recall: wanted === 0 ? 1 : found / wanted, indexMs: median(indexMs), exactMs: median(exactMs) };
}
