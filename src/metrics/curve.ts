import type { QueryOutcomes } from '../types.ts';
import { wilsonInterval } from './intervals.ts';

/** Top-k accuracy for k = 1 … most, shares between 0 and 1 [most], with its 95 % bounds. */
export interface TopKShares {
  readonly shares: Float64Array<ArrayBuffer>;
  readonly lower: Float64Array<ArrayBuffer>;
  readonly upper: Float64Array<ArrayBuffer>;
}

/** Shares among the queries that count, with Wilson's intervals; null without any. */
export function topKShares({ relevant, firstHitRank }: QueryOutcomes, most: number): TopKShares | null {
  const counts = new Float64Array(most);
  let queries = 0;
  firstHitRank.forEach((rank, query) => {
    if (!relevant[query]) return;
    queries += 1;
    if (rank > 0 && rank <= most) counts[rank - 1] = (counts[rank - 1] as number) + 1;
  });
  if (queries === 0) return null;
  const curve = { shares: new Float64Array(most), lower: new Float64Array(most), upper: new Float64Array(most) };
  let hits = 0;
  counts.forEach((count, at) => {
    hits += count;
    curve.shares[at] = hits / queries;
    [curve.lower[at], curve.upper[at]] = wilsonInterval(hits, queries);
  });
  return curve;
}
