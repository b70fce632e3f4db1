import type { PlacedQueries } from './paired-values.ts';

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
