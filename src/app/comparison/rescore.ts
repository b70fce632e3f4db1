import { deleteRun, getRuns } from '../../storage/runs.ts';
import { context, database } from '../context.ts';
import { openSubject } from '../dataset/session.ts';
import { type JobContext, jobs } from '../jobs/jobs.ts';
import type { Workspace } from '../workspace.ts';
import { type StoredRun, storedRunSchema } from './runs.ts';

const evaluation = () => import('../../core/evaluation.ts');

/** Scores again, for other labels or roles, what needs neither embedding nor training. Resolves to whether that was everything. */
export async function rescore(workspace: Workspace): Promise<boolean> {
  const { dataset } = workspace.dataset.getState();
  const scored = openSubject(workspace);
  const runs = dataset ? [...(await getRuns(database, dataset.id, storedRunSchema)).values()] : [];
  const subject = await context.digests.subject(scored.images);
  const outdated = runs.filter((run) => run.subject !== subject);
  if (!dataset || outdated.length === 0) return true;
  const work = async ({ signal }: Pick<JobContext, 'signal'>) => {
    const { scoreAgain } = await evaluation();
    for (const run of outdated) await scoreAgain(context, run, scored, signal);
  };
  return jobs.start({ kind: 'rescore', datasetId: dataset.id, subject }, ({ run }) =>
    run({ stage: 'Scoring with the new labels', unit: 'images' }, work),
  );
}

/** Scores these runs of the open data set again, from what is stored. */
export async function rescoreRuns(workspace: Workspace, ids: readonly string[]): Promise<void> {
  const { dataset } = workspace.dataset.getState();
  const scored = openSubject(workspace);
  const runs = dataset ? await getRuns(database, dataset.id, storedRunSchema) : new Map<string, StoredRun>();
  await jobs.run({ screen: 'dashboard', stage: 'Scoring the runs again', unit: 'images' }, async ({ signal }) => {
    const { scoreAgain } = await evaluation();
    for (const id of ids) {
      const run = runs.get(id);
      // What cannot be scored again cannot be looked into: it leaves the table, and the comparison makes it again.
      if (dataset && !(run && (await scoreAgain(context, run, scored, signal)))) {
        await deleteRun(database, dataset.id, id);
        context.changes.tell({ kind: 'results', datasetId: dataset.id });
      }
    }
  });
  await workspace.catchUp.settled(['comparison']);
}
