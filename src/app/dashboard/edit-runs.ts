import { evaluate, USUAL_SETTINGS } from '../../core/evaluation.ts';
import { AppError } from '../../errors.ts';
import type { RankingName } from '../../search/rankings.ts';
import { deleteRun, describeRun } from '../../storage/runs.ts';
import type { RunRow } from '../comparison/comparison.ts';
import { rowsOf, runId } from '../comparison/runs.ts';
import { context, database } from '../context.ts';
import { openSubject } from '../dataset/session.ts';
import { jobs } from '../jobs/jobs.ts';
import type { Workspace } from '../workspace.ts';
import { chooseDashboard } from './load.ts';

/** What the user calls these runs, and what they are for; empty words take the name and the note off again. */
export async function describeRuns(
  workspace: Workspace,
  ids: readonly string[],
  words: { readonly name: string; readonly note: string },
): Promise<void> {
  const { dataset } = workspace.dataset.getState();
  if (!dataset) return;
  try {
    for (const id of ids) await describeRun(database, dataset.id, id, words);
    context.changes.tell({ kind: 'results', datasetId: dataset.id });
    await workspace.catchUp.settled(['comparison']);
  } catch (error) {
    jobs.fail('dashboard', error);
  }
}

/** Deletes these runs with their queries; features and heads stay, so that scoring them again takes seconds. */
export async function deleteRuns(workspace: Workspace, ids: readonly string[]): Promise<void> {
  const { dataset } = workspace.dataset.getState();
  if (!dataset) return;
  try {
    for (const id of ids) await deleteRun(database, dataset.id, id);
    context.changes.tell({ kind: 'results', datasetId: dataset.id });
    await workspace.catchUp.settled(['comparison']);
  } catch (error) {
    jobs.fail('dashboard', error);
  }
}

/** Shows a run in another order of its answers, as A or B; scored first where it was not yet. */
export async function rankRun(workspace: Workspace, as: 'a' | 'b', rank: RankingName): Promise<void> {
  const { runs } = workspace.comparison.getState();
  const shown = runs.find(({ id }) => id === workspace.dashboard.getState()[as]);
  if (!shown) return;
  const choice = { ...shown.choice, rank };
  const id = runId(choice);
  if (!runs.some((run) => run.id === id) && !(await scoreRanking(workspace, shown, rank))) return;
  await chooseDashboard(workspace, as === 'a' ? { a: id } : { b: id });
}

async function scoreRanking(
  workspace: Workspace,
  { label, choice, result }: RunRow,
  rank: RankingName,
): Promise<boolean> {
  const { extractMs, imagesPerSecond, trainMs } = result.timing;
  const timing = { extractMs, imagesPerSecond, trainMs };
  return jobs.run({ screen: 'dashboard', stage: `Ranking ${label} by ${rank}`, unit: 'images' }, async ({ signal }) => {
    const subject = openSubject(workspace);
    const stored = await evaluate(context, { ...choice, rank }, subject, USUAL_SETTINGS, signal, timing);
    if (!stored) {
      throw new AppError(
        'dataset-unusable',
        `The features of ${label} are not stored any more, so its answers cannot be put in another order. Run the comparison again.`,
      );
    }
    const id = runId(stored.choice);
    workspace.comparison.setState(({ runs }) =>
      runs.some((run) => run.id === id) ? {} : { runs: rowsOf([...runs, stored]) },
    );
  });
}
