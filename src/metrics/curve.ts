import type { QueryOutcomes } from '../types.ts';

/** Ranks of the first hits [queries that count]; 0 where none was found. What queries of unknown classes became is left out. */
export function countedRanks({ relevant, firstHitRank }: QueryOutcomes): Int32Array<ArrayBuffer> {
  return firstHitRank.filter((_, query) => (relevant[query] ?? 0) > 0);
}

/**
 * Top-k accuracy for k = 1 … most, shares between 0 and 1 [most], from the ranks of first hits (1 is the first neighbour,
 * 0 none): the share of ranks from 1 to k. Zeros without any query.
 */
export function topKShares(ranks: Int32Array, most: number): Float64Array<ArrayBuffer> {
  const counts = new Float64Array(most);
  for (const rank of ranks) {
    if (rank > 0 && rank <= most) counts[rank - 1] = (counts[rank - 1] as number) + 1;
  }
  let hits = 0;
  return counts.map((count) => {
    hits += count;
    return ranks.length === 0 ? 0 : hits / ranks.length;
  });
}
