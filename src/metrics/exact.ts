import { AppError } from '../errors.ts';
import type { SimilaritySource } from '../math/similarity.ts';
import { type Rankings, selectTop } from '../math/topk.ts';
import type { LabelCodes } from './labels.ts';
import { countRelevant, emptyMetrics, measureRanking, neededRanking, type QueryMetrics } from './query-metrics.ts';

/** Writes a key for every gallery row into `keys` [n]: the order is by descending key, ties by gallery order. */
export type KeysOf = (query: number, similarities: Float32Array, keys: Float64Array) => void;

/**
 * Measures the full exact ranking of each of m queries over n gallery rows (unit rows, ties by gallery order) without ever
 * holding a ranking of more than max(R, k) images: the first hit's rank is counted, not sorted. The order is by similarity,
 * or by `keysOf`. Where `kept` is given ([m, k], see emptyRankings), the first k neighbours of every query are written into
 * it with their similarities, of queries without a label too. Where `own` [m] is given, query i is itself the gallery row
 * own[i], and no neighbour of its own: in no ranking, and not relevant. Yields the number of queries done after each block.
 * Throws AppError 'bad-argument' where shapes or labels do not fit.
 */
export function* measureExact(
  source: SimilaritySource,
  labels: LabelCodes,
  ks: readonly number[],
  kept: Rankings | null = null,
  keysOf: KeysOf | null = null,
  own: Int32Array | null = null,
): Generator<number, QueryMetrics> {
  const { rows: n, queries: m } = source;
  if (kept && kept.rows.length !== m * kept.k) {
    throw new AppError('bad-argument', `The room for rankings is not that of ${m} queries.`);
  }
  if (labels.query.length !== m || labels.gallery.length !== n) {
    throw new AppError('bad-argument', `There are not as many labels as images (${m} queries, ${n} in the gallery).`);
  }
  const metrics = emptyMetrics(m, ks);
  const relevant = countRelevant(labels, own);
  // Images that can be ranked.
  const others = own ? n - 1 : n;
  const longest = Math.min(
    others,
    relevant.reduce((length, r) => Math.max(length, neededRanking(r, ks)), kept?.k ?? 0),
  );
  const rows = new Int32Array(longest);
  // Similarities are copied into it: selecting from two kinds of arrays takes longer than from one.
  const keys = new Float64Array(n);
  const best = new Float64Array(longest);
  for (const block of source.blocks()) {
    for (let query = block.from; query < block.to; query++) {
      const r = relevant[query] ?? 0;
      if (r === 0 && !kept) continue;
      const start = (query - block.from) * n;
      const similarities = block.similarities.subarray(start, start + n);
      const length = Math.min(others, Math.max(kept?.k ?? 0, r === 0 ? 0 : neededRanking(r, ks)));
      const ranking = rows.subarray(0, length);
      const itself = own?.[query] ?? -1;
      // Behind all others, whatever the order.
      if (itself >= 0) similarities[itself] = Number.NEGATIVE_INFINITY;
      if (keysOf) keysOf(query, similarities, keys);
      else keys.set(similarities);
      if (itself >= 0) keys[itself] = Number.NEGATIVE_INFINITY;
      selectTop(keys, ranking, best.subarray(0, length));
      if (kept) {
        const first = Math.min(length, kept.k);
        kept.rows.set(ranking.subarray(0, first), query * kept.k);
        for (let rank = 0; rank < first; rank++) {
          kept.similarities[query * kept.k + rank] = similarities[ranking[rank] as number] as number;
        }
      }
      if (r === 0) continue;
      measureRanking(metrics, query, ranking, r, labels);
      metrics.firstHitRank[query] ||= firstHitRank(keys, labels.query[query], labels.gallery);
    }
    yield block.to;
  }
  return metrics;
}

/** Rank, from 1, of the best relevant row: one more than the rows before it. */
function firstHitRank(keys: Float64Array, label: number | undefined, gallery: Int32Array): number {
  let hit = -1;
  let best = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < keys.length; row++) {
    const key = keys[row] as number;
    if (gallery[row] === label && key > best) {
      hit = row;
      best = key;
    }
  }
  let rank = 1;
  for (let row = 0; row < keys.length; row++) {
    const key = keys[row] as number;
    if (key > best || (key === best && row < hit)) rank++;
  }
  return rank;
}
