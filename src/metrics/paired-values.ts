import { AppError } from '../errors.ts';
import type { QueryOutcomes } from '../types.ts';

/** What is averaged over queries: top-k accuracy for a k, mAP@R, or MRR. */
export type QueryMeasure = number | 'mapAtR' | 'mrr';

/** Value of one query of a run, between 0 and 1; it must count (R > 0). */
function valueAt({ firstHitRank, apAtR }: QueryOutcomes, i: number, measure: QueryMeasure): number {
  if (measure === 'mapAtR') return apAtR[i] ?? 0;
  const rank = firstHitRank[i] ?? 0;
  if (measure === 'mrr') return rank === 0 ? 0 : 1 / rank;
  return rank > 0 && rank <= measure ? 1 : 0;
}

/**
 * A model's values by position of the query, shares between 0 and 1; NaN where no query stands or it does not count. A
 * model is one run or several (seeds): a query's value is then its mean over the runs that count it. Throws AppError
 * 'bad-argument' for a k below 1.
 */
export function valuesByQuery(runs: readonly QueryOutcomes[], measure: QueryMeasure): Float64Array<ArrayBuffer> {
  if (typeof measure === 'number' && !(measure >= 1)) throw new AppError('bad-argument', 'k must be 1 or more.');
  let length = 0;
  for (const { queries } of runs) for (const query of queries) length = Math.max(length, query + 1);
  const sums = new Float64Array(length);
  const counts = new Uint16Array(length);
  for (const outcomes of runs) {
    const { queries, relevant } = outcomes;
    for (let i = 0; i < queries.length; i++) {
      if (!relevant[i]) continue;
      const query = queries[i] as number;
      sums[query] = (sums[query] as number) + valueAt(outcomes, i, measure);
      counts[query] = (counts[query] as number) + 1;
    }
  }
  // 0 / 0 is NaN.
  for (let query = 0; query < length; query++) sums[query] = (sums[query] as number) / (counts[query] as number);
  return sums;
}

/**
 * Two models' values, as valuesByQuery() gives them, on the queries that both count: query by query in the same order.
 * Nothing where the two have no query in common.
 */
export function pairedValues(
  ofFirst: Float64Array,
  ofSecond: Float64Array,
): { readonly first: Float64Array<ArrayBuffer>; readonly second: Float64Array<ArrayBuffer> } {
  const most = Math.min(ofFirst.length, ofSecond.length);
  const first = new Float64Array(most);
  const second = new Float64Array(most);
  let count = 0;
  for (let query = 0; query < most; query++) {
    const a = ofFirst[query] as number;
    const b = ofSecond[query] as number;
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    first[count] = a;
    second[count] = b;
    count++;
  }
  return { first: first.slice(0, count), second: second.slice(0, count) };
}
