import { codeLabels, UNKNOWN } from '../metrics/labels.ts';
import type { Aggregate } from '../metrics/registry.ts';
import { firstNeighbours, type JudgedSimilarities } from '../metrics/similarities.ts';
import { getNeighbours, getOutcomes } from '../storage/runs.ts';
import type { ImageRecord, QueryNeighbours, QueryOutcomes, ScoredSplit } from '../types.ts';
import type { Difference } from '../workers/analysis-protocol.ts';
import { controlled } from '../workers/connect.ts';
import type { Context, Subject } from './context.ts';
import { BOOTSTRAP_SEED } from './score.ts';
import { scoredImages } from './scored-images.ts';
import { repeatedOnce } from './worker-faults.ts';

/** `first` against each of `others` by the paired bootstrap; columns of one value a query, in the same order. */
export function differencesOf(
  { workers }: Context,
  first: Float64Array<ArrayBuffer>,
  others: readonly Float64Array<ArrayBuffer>[],
  aggregate: Aggregate,
  signal: AbortSignal,
): Promise<Difference[]> {
  return repeatedOnce(signal, () =>
    controlled<number, Difference[]>(
      signal,
      () => {},
      async (control) => (await workers.analysis.api()).differences(first, others, aggregate, BOOTSTRAP_SEED, control),
    ),
  );
}

/**
 * Neighbours of many queries in one list by similarity, right or wrong. Class codes: `asked` one a query, `searched` one
 * an image that `neighbours` counts.
 */
function similaritiesOf(
  { workers }: Context,
  neighbours: QueryNeighbours,
  asked: Int32Array<ArrayBuffer>,
  searched: Int32Array<ArrayBuffer>,
): Promise<JudgedSimilarities> {
  return repeatedOnce(null, async () => (await workers.analysis.api()).similarities(neighbours, asked, searched));
}

/** Neighbours a query whose similarities are looked at. */
export const JUDGED_NEIGHBOURS = 10;

/** A run's queries on one split with their first neighbours, entry by entry. */
export interface JudgedQueries {
  readonly outcomes: QueryOutcomes;
  readonly neighbours: QueryNeighbours;
}

export async function storedOutcomes(
  { database, digests }: Context,
  { datasetId, images }: Subject,
  runId: string,
  split: ScoredSplit,
): Promise<QueryOutcomes | null> {
  return getOutcomes(database, datasetId, runId, split, await digests.subject(images));
}

export async function storedNeighbours(
  { database, digests }: Context,
  { datasetId, images }: Subject,
  runId: string,
  split: ScoredSplit,
): Promise<QueryNeighbours | null> {
  return getNeighbours(database, datasetId, runId, split, await digests.subject(images));
}

/** Null where the run was not scored on that split of these images. */
export async function judgedQueries(
  context: Context,
  subject: Subject,
  runId: string,
  split: ScoredSplit,
): Promise<JudgedQueries | null> {
  const outcomes = await storedOutcomes(context, subject, runId, split);
  const neighbours = await storedNeighbours(context, subject, runId, split);
  return outcomes && neighbours ? { outcomes, neighbours } : null;
}

/** The first ten neighbours of the queries that count, by similarity, right or wrong. */
export function judgedSimilarities(
  context: Context,
  { outcomes, neighbours }: JudgedQueries,
  split: ScoredSplit,
  images: readonly ImageRecord[],
): Promise<JudgedSimilarities> {
  const lists = scoredImages(images, split);
  const labels = codeLabels(
    lists.queries.map(({ className }) => className),
    lists.gallery.map(({ className }) => className),
  );
  const asked = outcomes.queries.map((query, at) =>
    (outcomes.relevant[at] ?? 0) > 0 ? (labels.query[query] ?? UNKNOWN) : UNKNOWN,
  );
  return similaritiesOf(context, firstNeighbours(neighbours, JUDGED_NEIGHBOURS), asked, labels.gallery);
}
