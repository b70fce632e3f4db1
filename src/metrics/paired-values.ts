import type { QueryNeighbours } from '../types.ts';
import { UNKNOWN } from './labels.ts';
import type { JudgedQueries, Metric } from './registry.ts';

/** A run's queries by their positions among the images that are asked with. */
export interface PlacedQueries extends JudgedQueries {
  readonly queries: Int32Array;
}

/**
 * A model's values by position of the query; NaN where no query stands, where it does not count, and where its value is
 * not known. A model is one run or several (seeds): a query's value is then its mean over the runs that count it.
 */
export function valuesByQuery(runs: readonly PlacedQueries[], metric: Metric): Float64Array<ArrayBuffer> {
  let length = 0;
  for (const { queries } of runs) for (const query of queries) length = Math.max(length, query + 1);
  const sums = new Float64Array(length);
  const counts = new Uint16Array(length);
  for (const judged of runs) {
    const { queries, relevant } = judged;
    for (let i = 0; i < queries.length; i++) {
      if (!relevant[i]) continue;
      const value = metric.queryValue(judged, i);
      if (value === null) continue;
      const query = queries[i] as number;
      sums[query] = (sums[query] as number) + value;
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

/**
 * Relevant images among the first k of each query, from its stored neighbours. `asked`: class code of each query;
 * `searched`: class codes of the images that `rows` counts. k beyond the neighbours counts those that there are.
 */
export function hitsIn(
  { k: kept, rows }: Pick<QueryNeighbours, 'k' | 'rows'>,
  asked: Int32Array,
  searched: Int32Array,
): NonNullable<JudgedQueries['hitsAt']> {
  return (query, k) => {
    const wanted = asked[query] ?? UNKNOWN;
    if (wanted === UNKNOWN) return 0;
    let hits = 0;
    const start = query * kept;
    for (let at = start; at < start + Math.min(k, kept); at++) if (searched[rows[at] as number] === wanted) hits++;
    return hits;
  };
}

/**
 * The query that shows best what `second` does better than `first`: of those that both were asked and count, and to which
 * `second` finds a relevant image first, the one with the largest gain of relevant images among the first k; of equals the
 * first one. Entries in the lists of each; null where there is none with a gain. Both need `hitsAt`.
 */
export function tellingQuery(
  first: PlacedQueries,
  second: PlacedQueries,
  k: number,
): { readonly first: number; readonly second: number } | null {
  const entries = new Map(Array.from(first.queries, (query, entry) => [query, entry]));
  let best: { readonly first: number; readonly second: number; readonly gain: number } | null = null;
  for (const [entry, query] of second.queries.entries()) {
    const before = entries.get(query);
    if (before === undefined || !first.relevant[before] || second.firstHitRank[entry] !== 1) continue;
    const gain = (second.hitsAt?.(entry, k) ?? 0) - (first.hitsAt?.(before, k) ?? 0);
    if (gain > (best?.gain ?? 0)) best = { first: before, second: entry, gain };
  }
  return best && { first: best.first, second: best.second };
}
