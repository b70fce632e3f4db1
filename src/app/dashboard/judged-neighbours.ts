import type { JudgedQueries } from '../../core/analysis.ts';
import type { JudgedSimilarities } from '../../metrics/similarities.ts';
import type { ScoredSplit } from '../../types.ts';
import { context } from '../context.ts';
import type { Workspace } from '../workspace.ts';

const analysis = () => import('../../core/analysis.ts');

/** From memory or storage; null where the run was not scored on the split. */
type LoadQueries = (runId: string, split: ScoredSplit) => Promise<JudgedQueries | null>;

/** Reads the queries of the runs of a workspace's data set. */
export const queriesOf =
  (workspace: Workspace): LoadQueries =>
  async (runId, split) => {
    const shown = workspace.dashboard.getState();
    const { dataset, images } = workspace.dataset.getState();
    if (!dataset) return null;
    const subject = { datasetId: dataset.id, images };
    const held = shown.split === split ? shown : null;
    const core = await analysis();
    const outcomes = held?.outcomes.get(runId) ?? (await core.storedOutcomes(context, subject, runId, split));
    const neighbours = held?.neighbours.get(runId) ?? (await core.storedNeighbours(context, subject, runId, split));
    return outcomes && neighbours ? { outcomes, neighbours } : null;
  };

export const judgedSimilarities = async (
  workspace: Workspace,
  queries: JudgedQueries,
  split: ScoredSplit,
): Promise<JudgedSimilarities> =>
  (await analysis()).judgedSimilarities(context, queries, split, workspace.dataset.getState().images);
