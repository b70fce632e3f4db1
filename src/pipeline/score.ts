import { codeLabels } from '../metrics/labels.ts';
import { countRelevant, neededRanking } from '../metrics/measures.ts';
import { score } from '../metrics/scores.ts';
import type { Embeddings } from '../storage/embeddings.ts';
import type { IndexKind, Scores } from '../types.ts';
import { controlled } from '../workers/connect.ts';
import type { Measured, Rankings, RetrievalScores } from '../workers/protocol.ts';
import { searchWorker } from './search-client.ts';

/** The ks that the screens show. */
export const USUAL_KS = [1, 5, 10] as const;
/** Seed of the bootstrap, so that the same run has the same interval everywhere. */
const BOOTSTRAP_SEED = 0;

/** Queries against an open gallery. */
export interface Ranked {
  /** The gallery's name in the search worker. */
  readonly key: string;
  readonly index: IndexKind;
  readonly queries: Embeddings;
}

type Labels = readonly (string | null)[];

/** Scores queries; labels are in row order, null where unknown. Null where no query counts: there is nothing to average. */
export async function scoreQueries(
  ranked: Ranked,
  queryLabels: Labels,
  galleryLabels: Labels,
  ks: readonly number[],
  signal: AbortSignal,
): Promise<Scores | null> {
  const scores =
    ranked.index === 'exact'
      ? await scoreExact(ranked, queryLabels, galleryLabels, ks, signal)
      : await scoreHnsw(ranked, queryLabels, galleryLabels, ks, signal);
  if (scores.queries === 0) return null;
  const { queries, skipped, topk, mapAtR, mrr, ci95 } = scores;
  return { queries, skipped, topk, mapAtR, mrr, ci95 };
}

/** Whole rankings, measured where they are made: they never travel. */
async function scoreExact(
  { key, queries }: Ranked,
  queryLabels: Labels,
  galleryLabels: Labels,
  ks: readonly number[],
  signal: AbortSignal,
): Promise<RetrievalScores> {
  const labels = codeLabels(queryLabels, galleryLabels);
  const measured = await controlled<number, Measured>(
    signal,
    () => {},
    (control) => searchWorker().measure(key, queries.matrix, labels, { ks, seed: BOOTSTRAP_SEED }, control),
  );
  return measured.scores;
}

async function scoreHnsw(
  ranked: Ranked,
  queryLabels: Labels,
  galleryLabels: Labels,
  ks: readonly number[],
  signal: AbortSignal,
): Promise<RetrievalScores> {
  const most = countRelevant(codeLabels(queryLabels, galleryLabels)).reduce((max, count) => Math.max(max, count), 0);
  const k = Math.min(galleryLabels.length, neededRanking(most, ks));
  const rankings = await rankAll(ranked, k, signal);
  return score({ rankings, queryLabels, galleryLabels, ks, seed: BOOTSTRAP_SEED });
}

/** The first k gallery rows of every query. */
export function rankAll({ key, index, queries }: Ranked, k: number, signal: AbortSignal): Promise<Rankings> {
  return controlled<number, Rankings>(
    signal,
    () => {},
    (control) =>
      index === 'exact'
        ? searchWorker().rank(key, queries.matrix, k, control)
        : searchWorker().rankHnsw(key, queries.matrix, k, control),
  );
}
