import * as core from '../core/judged-queries.ts';
import type { JudgedSimilarities } from '../metrics/similarities.ts';
import type { ScoredSplit } from '../types.ts';
import { dashboardStore } from './dashboard.ts';
import { datasetStore } from './datasets.ts';
import { context } from './session.ts';

export { JUDGED_NEIGHBOURS, type JudgedQueries } from '../core/judged-queries.ts';

/** From memory or storage; null where the run was not scored on the split. */
export type LoadQueries = (runId: string, split: ScoredSplit) => Promise<core.JudgedQueries | null>;

export const loadQueries: LoadQueries = async (runId, split) => {
  const shown = dashboardStore.getState();
  const { dataset, images } = datasetStore.getState();
  if (!dataset) return null;
  const subject = { datasetId: dataset.id, images };
  const held = shown.split === split ? shown : null;
  const outcomes = held?.outcomes.get(runId) ?? (await core.storedOutcomes(context, subject, runId, split));
  const neighbours = held?.neighbours.get(runId) ?? (await core.storedNeighbours(context, subject, runId, split));
  return outcomes && neighbours ? { outcomes, neighbours } : null;
};

export const judgedSimilarities = (queries: core.JudgedQueries, split: ScoredSplit): Promise<JudgedSimilarities> =>
  core.judgedSimilarities(context, queries, split, datasetStore.getState().images);
