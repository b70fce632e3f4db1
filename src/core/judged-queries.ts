import { codeLabels, UNKNOWN } from '../metrics/labels.ts';
import { firstNeighbours, type JudgedSimilarities } from '../metrics/similarities.ts';
import { getNeighbours, getOutcomes } from '../storage/runs.ts';
import type { ImageRecord, QueryNeighbours, QueryOutcomes, ScoredSplit } from '../types.ts';
import { similaritiesOf } from './analysis.ts';
import type { Context, Subject } from './context.ts';
import { scoredImages } from './evaluate-run.ts';

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
