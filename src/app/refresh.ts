import { refreshComparison } from './comparison/plan.ts';
import { jobs } from './jobs/jobs.ts';
import { refreshModels } from './models/rows.ts';
import { openAnyRun } from './search/query.ts';
import { refreshStorage } from './settings/storage.ts';
import type { Workspace } from './workspace.ts';

/** Brings all screens up to date after the data set or what is stored has changed. */
export async function refreshScreens(workspace: Workspace): Promise<void> {
  await refreshModels(workspace);
  await refreshComparison(workspace);
  await refreshStorage();
  if (!workspace.closed.aborted && !workspace.searching.session) await openAnyRun(workspace);
  await jobs.interrupted.refresh();
}
