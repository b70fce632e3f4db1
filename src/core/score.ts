import { codeLabels, type LabelCodes } from '../metrics/labels.ts';
import { countRelevant, measureRankings, neededRanking, type QueryMetrics } from '../metrics/query-metrics.ts';
import { MOST_K } from '../metrics/registry.ts';
import { summarise } from '../metrics/scores.ts';
import { backendNamed, type IndexKind } from '../search/backends.ts';
import type { Embeddings } from '../storage/embeddings.ts';
import type { QueryNeighbours, QueryOutcomes, Scores } from '../types.ts';
import { controlled } from '../workers/connect.ts';
import type { Measured, Rankings, RankQueries } from '../workers/protocol.ts';
import type { Context } from './context.ts';
import { heldFor, type QueryOrder } from './gallery.ts';
import type { SearchClient } from './search-client.ts';

/** Neighbours a query that are kept with a run: the greatest k that can be asked for. */
export const KEPT_NEIGHBOURS = MOST_K;
/** Seed of the bootstrap, so that the same run has the same interval everywhere. */
export const BOOTSTRAP_SEED = 0;

/** Queries against an open gallery. */
export interface Ranked {
  /** The gallery's name in the search worker. */
  readonly key: string;
  readonly index: IndexKind;
  readonly queries: Embeddings;
  /** Null of the order of similarity. */
  readonly by?: QueryOrder | null;
  /** Query i is itself the gallery row own[i], and no neighbour of its own; null where no query is in the gallery. */
  readonly own?: Int32Array<ArrayBuffer> | null;
}

const orderOf = ({ by }: Ranked): RankQueries | null =>
  by ? { ranking: by.ranking, cosines: by.classes.matrix } : null;

/** A run on one split. Its outcomes and neighbours are numbered as the lists that were compared. */
export interface Judged {
  /** Null where no query counts: there is nothing to average. */
  readonly scores: Scores | null;
  readonly outcomes: QueryOutcomes;
  readonly neighbours: QueryNeighbours;
}

type Labels = readonly (string | null)[];

/** Scores queries and keeps their first neighbours; labels are in row order, null where unknown. */
export async function judge(
  { search }: Pick<Context, 'search'>,
  ranked: Ranked,
  queryLabels: Labels,
  galleryLabels: Labels,
  ks: readonly number[],
  signal: AbortSignal,
): Promise<Judged> {
  const labels = codeLabels(queryLabels, galleryLabels);
  const keep = Math.min(KEPT_NEIGHBOURS, ranked.own ? galleryLabels.length - 1 : galleryLabels.length);
  const { metrics, scores, neighbours } = backendNamed(ranked.index).capabilities.approximate
    ? await measureFound(search, ranked, labels, ks, keep, signal)
    : await measureExact(search, ranked, labels, ks, keep, signal);
  const { relevant, firstHitRank, apAtR, rPrecision } = metrics;
  const queries = Int32Array.from(queryLabels, (_, row) => row);
  return { scores, outcomes: { queries, relevant, firstHitRank, apAtR, rPrecision }, neighbours };
}

/** Whole rankings, measured where they are made: they never travel. */
function measureExact(
  search: SearchClient,
  ranked: Ranked,
  labels: LabelCodes,
  ks: readonly number[],
  keep: number,
  signal: AbortSignal,
): Promise<Measured> {
  return controlled<number, Measured>(
    signal,
    () => {},
    (control) =>
      search
        .worker()
        .measure(
          ranked.key,
          ranked.queries.matrix,
          labels,
          { ks, seed: BOOTSTRAP_SEED, keep, by: orderOf(ranked), own: ranked.own ?? null },
          control,
        ),
  );
}

/** Rankings as far as they are needed, of an index that does not look at every image. */
async function measureFound(
  search: SearchClient,
  ranked: Ranked,
  labels: LabelCodes,
  ks: readonly number[],
  keep: number,
  signal: AbortSignal,
): Promise<Measured> {
  const own = ranked.own ?? null;
  const most = countRelevant(labels, own).reduce((max, count) => Math.max(max, count), 0);
  const k = Math.min(own ? labels.gallery.length - 1 : labels.gallery.length, Math.max(keep, neededRanking(most, ks)));
  const rankings = await rankAll({ search }, ranked, k, signal);
  const metrics: QueryMetrics = measureRankings(rankings, labels, ks, own);
  return {
    metrics,
    scores: summarise(metrics, labels.query, { seed: BOOTSTRAP_SEED }),
    neighbours: firstOf(rankings, keep),
  };
}

/** The same rankings, cut after `k` neighbours. */
function firstOf(rankings: Rankings, k: number): Rankings {
  const kept = (values: Int32Array | Float32Array, query: number) =>
    values.subarray(query * rankings.k, query * rankings.k + k);
  const queries = rankings.rows.length / rankings.k;
  const rows = new Int32Array(queries * k);
  const similarities = new Float32Array(queries * k);
  for (let query = 0; query < queries; query++) {
    rows.set(kept(rankings.rows, query), query * k);
    similarities.set(kept(rankings.similarities, query), query * k);
  }
  return { rows, similarities, k };
}

/** The first k gallery rows of every query. */
export function rankAll(
  { search }: Pick<Context, 'search'>,
  ranked: Ranked,
  k: number,
  signal: AbortSignal,
): Promise<Rankings> {
  return controlled<number, Rankings>(
    signal,
    () => {},
    (control) =>
      search
        .worker()
        .rank(
          heldFor(ranked.index, ranked.key),
          ranked.queries.matrix,
          k,
          ranked.index,
          { by: orderOf(ranked), own: ranked.own ?? null },
          control,
        ),
  );
}
