import { joinRankings } from '../math/topk.ts';
import { codeLabels, type LabelCodes } from '../metrics/labels.ts';
import { countRelevant, joinMetrics, measureRankings, neededRanking } from '../metrics/query-metrics.ts';
import { MOST_K } from '../metrics/registry.ts';
import type { Range } from '../models/engines/wasm/team.ts';
import { backendNamed, type IndexKind } from '../search/backends.ts';
import type { GalleryShape } from '../search/held-gallery.ts';
import type { Embeddings } from '../storage/embeddings.ts';
import type { QueryNeighbours, QueryOutcomes, Scores } from '../types.ts';
import { controlled, move } from '../workers/connect.ts';
import type { CallControl, Measured, Rankings, RankQueries, SharedOrder } from '../workers/protocol.ts';
import type { Context } from './context.ts';
import { heldFor, type QueryOrder } from './gallery.ts';
import type { SearchClient } from './search-client.ts';
import type { SharedWork } from './search-team.ts';

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
  const { metrics, neighbours } = backendNamed(ranked.index).capabilities.approximate
    ? await measureFound(search, ranked, labels, ks, keep, signal)
    : await measureExact(search, ranked, labels, ks, keep, signal);
  const scores = await search.worker().summarise(metrics, labels.query, BOOTSTRAP_SEED);
  const { relevant, firstHitRank, apAtR, rPrecision } = metrics;
  const queries = Int32Array.from(queryLabels, (_, row) => row);
  return {
    scores: scores && { ...scores, gallery: galleryLabels.length },
    outcomes: { queries, relevant, firstHitRank, apAtR, rPrecision },
    neighbours,
  };
}

/** Whole rankings, measured where they are made: they never travel. */
async function measureExact(
  search: SearchClient,
  ranked: Ranked,
  labels: LabelCodes,
  ks: readonly number[],
  keep: number,
  signal: AbortSignal,
): Promise<Measured> {
  const { queries, own = null } = ranked;
  const gallery = { rows: labels.gallery.length, dimensions: queries.dimensions };
  const by = orderOf(ranked);
  const labelsOf = ([from, to]: Range): LabelCodes => ({ ...labels, query: labels.query.slice(from, to) });
  const optionsOf = ([from, to]: Range) => ({ ks, keep, own: own?.slice(from, to) ?? null });
  const work = sharing(gallery, queries, signal);
  const orderOfPart = await sharedOrder(search, ranked, by, work);
  const parts = await search.team.ask<Measured>({
    ...work,
    holder: (part, share) =>
      inTime(signal, (control) => {
        const options = { ...optionsOf(part), by: cosinesOf(by, queries, part) };
        return search.worker().measure(ranked.key, partOf(queries, part), labelsOf(part), options, control, share);
      }),
    guest:
      orderOfPart &&
      ((api, part, share) => {
        const options = { ...optionsOf(part), order: orderOfPart(part) };
        return api.measurePassing(gallery, partOf(queries, part), labelsOf(part), options, share);
      }),
  });
  const metrics = parts.map((part) => part.metrics);
  const neighbours = parts.map((part) => part.neighbours);
  return { metrics: joinMetrics(metrics, ks), neighbours: joinRankings(neighbours, keep) };
}

/** The order of a part of the queries. */
function cosinesOf(by: RankQueries | null, { matrix, dimensions }: Embeddings, [from, to]: Range): RankQueries | null {
  if (!by) return null;
  const width = (by.cosines.length * dimensions) / matrix.length;
  return { ...by, cosines: by.cosines.slice(from * width, to * width) };
}

/** The same for workers that do not hold the gallery; null where only the one that does can tell. */
async function sharedOrder(
  search: SearchClient,
  { key }: Ranked,
  by: RankQueries | null,
  work: SharedWork,
): Promise<((part: Range) => SharedOrder | null) | null> {
  if (!by) return () => null;
  if (!search.team.takes(work)) return null;
  const order = await search.worker().orderOf(key, by, work.queries);
  const { classes } = order;
  return ([from, to]) => ({ ...order, queries: order.queries.slice(from * classes, to * classes) });
}

/** What of a call can be shared by several workers. */
const sharing = (gallery: GalleryShape, { matrix }: Embeddings, signal: AbortSignal) => ({
  queries: matrix.length / gallery.dimensions,
  products: matrix.length * gallery.rows,
  signal,
});

/** Rows from … to, on their way to a worker. */
function partOf({ matrix, dimensions }: Embeddings, [from, to]: Range): Float32Array<ArrayBuffer> {
  const part = matrix.slice(from * dimensions, to * dimensions);
  return move(part, part.buffer);
}

/** A call that can be cancelled. */
const inTime = <R>(signal: AbortSignal, call: (control: CallControl) => Promise<R>): Promise<R> =>
  controlled<number, R>(signal, () => {}, call);

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
  return { metrics: measureRankings(rankings, labels, ks, own), neighbours: firstOf(rankings, keep) };
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

/** Neighbours of which several workers are asked: of more, each tile of a gallery would be compared in float64. */
const MOST_SHARED = 128;

/** The first k gallery rows of every query. */
export async function rankAll(
  { search }: Pick<Context, 'search'>,
  ranked: Ranked,
  k: number,
  signal: AbortSignal,
): Promise<Rankings> {
  const { key, index, queries, own = null } = ranked;
  const name = heldFor(index, key);
  const gallery = { rows: search.numbers(name) / queries.dimensions, dimensions: queries.dimensions };
  const by = orderOf(ranked);
  const ownOf = ([from, to]: Range) => own?.slice(from, to) ?? null;
  const parts = await search.team.ask<Rankings>({
    ...sharing(gallery, queries, signal),
    holder: (part, share) =>
      inTime(signal, (control) =>
        search.worker().rank(name, partOf(queries, part), k, index, { by, own: ownOf(part) }, control, share),
      ),
    guest:
      by || index !== 'exact' || k > MOST_SHARED
        ? null
        : (api, part, share) => api.rankPassing(gallery, partOf(queries, part), k, ownOf(part), share),
  });
  return joinRankings(parts, k);
}
