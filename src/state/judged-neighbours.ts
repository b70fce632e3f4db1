import { similaritiesOf } from '../core/analysis-client.ts';
import { codeLabels, UNKNOWN } from '../metrics/labels.ts';
import { firstNeighbours, type JudgedSimilarities } from '../metrics/similarities.ts';
import { getNeighbours, getOutcomes } from '../storage/runs.ts';
import type { QueryNeighbours, QueryOutcomes, ScoredSplit } from '../types.ts';
import { dashboardStore, scoredImages } from './dashboard.ts';
import { datasetStore } from './datasets.ts';
import { subjectDigest } from './runs.ts';
import { database } from './session.ts';

/** Neighbours a query whose similarities are looked at. */
export const JUDGED_NEIGHBOURS = 10;

/** What became of a run's queries on one split. */
export interface QueriesOfRun {
  readonly outcomes: QueryOutcomes;
  readonly neighbours: QueryNeighbours;
}

/** From memory or storage; null where the run was not scored on the split. */
export type LoadQueries = (runId: string, split: ScoredSplit) => Promise<QueriesOfRun | null>;

export const loadQueries: LoadQueries = async (runId, split) => {
  const shown = dashboardStore.getState();
  const { dataset, images } = datasetStore.getState();
  if (!dataset) return null;
  const subject = await subjectDigest(images);
  const held = shown.split === split ? shown : null;
  const outcomes = held?.outcomes.get(runId) ?? (await getOutcomes(database, dataset.id, runId, split, subject));
  const neighbours = held?.neighbours.get(runId) ?? (await getNeighbours(database, dataset.id, runId, split, subject));
  return outcomes && neighbours ? { outcomes, neighbours } : null;
};

/** The first ten neighbours of the queries that count, by similarity, right or wrong. */
export function judgedSimilarities(
  { outcomes, neighbours }: QueriesOfRun,
  split: ScoredSplit,
): Promise<JudgedSimilarities> {
  const lists = scoredImages(datasetStore.getState().images, split);
  const labels = codeLabels(
    lists.queries.map(({ className }) => className),
    lists.gallery.map(({ className }) => className),
  );
  const asked = outcomes.queries.map((query, at) =>
    (outcomes.relevant[at] ?? 0) > 0 ? (labels.query[query] ?? UNKNOWN) : UNKNOWN,
  );
  return similaritiesOf(firstNeighbours(neighbours, JUDGED_NEIGHBOURS), asked, labels.gallery);
}
