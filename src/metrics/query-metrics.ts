import { AppError } from '../errors.ts';
import type { Rankings } from '../math/topk.ts';
import { type LabelCodes, UNKNOWN } from './labels.ts';

/**
 * What is read off each query's ranking; entry i is query i. A gallery image is relevant when it is of the query's
 * class. Metrics are made of it (registry.ts), and averaged (scores.ts).
 */
export interface QueryMetrics {
  readonly ks: readonly number[];
  /** R: relevant gallery images. Where it is 0, the query counts nowhere, and its other entries are 0. */
  readonly relevant: Int32Array<ArrayBuffer>;
  /** Rank of the first relevant image, from 1; 0 where the ranking holds none. */
  readonly firstHitRank: Int32Array<ArrayBuffer>;
  /** Average precision at R: (1/R) Σ_{i ≤ R} P(i)·rel(i) (Musgrave, Belongie & Lim 2020). */
  readonly apAtR: Float64Array<ArrayBuffer>;
  /** Share of relevant images among the first R. */
  readonly rPrecision: Float64Array<ArrayBuffer>;
  /** [queries, ks], row-major: relevant images among the first k. */
  readonly hits: Int32Array<ArrayBuffer>;
}

/** Room for the metrics of `queries` queries. Throws AppError 'bad-argument' unless every k is a positive integer. */
export function emptyMetrics(queries: number, ks: readonly number[]): QueryMetrics {
  for (const k of ks) {
    if (!Number.isInteger(k) || k < 1)
      throw new AppError('bad-argument', `k must be a whole number above 0, not ${k}.`);
  }
  return {
    ks: [...ks],
    relevant: new Int32Array(queries),
    firstHitRank: new Int32Array(queries),
    apAtR: new Float64Array(queries),
    rPrecision: new Float64Array(queries),
    hits: new Int32Array(queries * ks.length),
  };
}

/** What was read off one part of the queries after the other's, by the same ks. */
export function joinMetrics(parts: readonly QueryMetrics[], ks: readonly number[]): QueryMetrics {
  const joined = emptyMetrics(
    parts.reduce((sum, { relevant }) => sum + relevant.length, 0),
    ks,
  );
  let at = 0;
  for (const { relevant, firstHitRank, apAtR, rPrecision, hits } of parts) {
    joined.relevant.set(relevant, at);
    joined.firstHitRank.set(firstHitRank, at);
    joined.apAtR.set(apAtR, at);
    joined.rPrecision.set(rPrecision, at);
    joined.hits.set(hits, at * ks.length);
    at += relevant.length;
  }
  return joined;
}

/**
 * R for each query: how many gallery images are of its class; 0 for a query whose label is unknown. Where `own` [queries]
 * is given, query i is itself the gallery image own[i], which does not count.
 */
export function countRelevant({ query, gallery }: LabelCodes, own: Int32Array | null = null): Int32Array<ArrayBuffer> {
  const sizes = new Map<number, number>();
  for (const code of gallery) sizes.set(code, (sizes.get(code) ?? 0) + 1);
  sizes.delete(UNKNOWN);
  return query.map((code, i) => {
    const size = sizes.get(code) ?? 0;
    return own && gallery[own[i] ?? -1] === code ? Math.max(0, size - 1) : size;
  });
}

/** How long a query's ranking must be for all of these but the first hit's rank: max(R, every k). */
export function neededRanking(relevant: number, ks: readonly number[]): number {
  return Math.max(relevant, ...ks);
}

/**
 * Measures one query: fills entry `query` of `metrics` from its ranking (gallery rows, best first; −1 ends it).
 * `relevant` is R > 0. `ranking` must reach neededRanking() or the end of the gallery.
 */
export function measureRanking(
  metrics: QueryMetrics,
  query: number,
  ranking: Int32Array,
  relevant: number,
  labels: LabelCodes,
): void {
  const label = labels.query[query];
  const { ks } = metrics;
  let hits = 0;
  let precisions = 0;
  let hitsAtR = 0;
  for (let i = 0; i < ranking.length && ranking[i] !== -1; i++) {
    if (labels.gallery[ranking[i] as number] !== label) continue;
    hits++;
    if (hits === 1) metrics.firstHitRank[query] = i + 1;
    if (i < relevant) {
      precisions += hits / (i + 1);
      hitsAtR = hits;
    }
    for (let j = 0; j < ks.length; j++) {
      if (i < (ks[j] as number)) metrics.hits[query * ks.length + j] = hits;
    }
  }
  metrics.relevant[query] = relevant;
  metrics.apAtR[query] = precisions / relevant;
  metrics.rPrecision[query] = hitsAtR / relevant;
}

/**
 * Measures rankings that were computed elsewhere (HNSW, a file). They must be long enough for R and every k, or hold
 * the whole gallery; else throws AppError 'bad-argument'. A first hit beyond a shorter ranking has rank 0 (not found):
 * only rankings of the whole gallery give every first hit. `own` as in countRelevant: those images are in no ranking.
 */
export function measureRankings(
  rankings: Rankings,
  labels: LabelCodes,
  ks: readonly number[],
  own: Int32Array | null = null,
): QueryMetrics {
  const queries = labels.query.length;
  if (rankings.rows.length !== queries * rankings.k) {
    throw new AppError('bad-argument', `The rankings are not those of ${queries} queries.`);
  }
  const metrics = emptyMetrics(queries, ks);
  const relevant = countRelevant(labels, own);
  const others = own ? labels.gallery.length - 1 : labels.gallery.length;
  for (let query = 0; query < queries; query++) {
    const r = relevant[query] ?? 0;
    if (r === 0) continue;
    const needed = Math.min(others, neededRanking(r, ks));
    if (rankings.k < needed) {
      throw new AppError(
        'bad-argument',
        `Rankings of ${rankings.k} images are too short to be scored: ${needed} are needed.`,
      );
    }
    const ranking = rankings.rows.subarray(query * rankings.k, (query + 1) * rankings.k);
    measureRanking(metrics, query, ranking, r, labels);
  }
  return metrics;
}
