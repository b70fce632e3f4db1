import { wantedAgain } from '../../core/plan.ts';
import type { Workspace } from '../workspace.ts';
import { rescore } from './rescore.ts';
import { runComparison } from './run-comparison.ts';

/** Makes the results again that were made with other labels or images; the plan as it is ticked stays. */
export async function runOutdated(workspace: Workspace): Promise<void> {
  for (const wanted of wantedAgain(workspace.comparison.getState().outdated)) {
    if (!(await runComparison(workspace, wanted))) return;
  }
  // Other rankings of what is there again.
  await rescore(workspace);
  workspace.catchUp.touch(['comparison']);
  await workspace.catchUp.settled(['comparison']);
}
