import * as v from 'valibot';
import { cutoffFor, type PrecisionCurve, precisionCurve } from '../../metrics/cutoff.ts';
import { getSetting, putSetting } from '../../storage/settings.ts';
import type { RunRow } from '../comparison/comparison.ts';
import { database } from '../context.ts';
import { judgedSimilarities, queriesOf } from '../dashboard/judged-neighbours.ts';
import { jobs } from '../jobs/jobs.ts';
import type { Workspace } from '../workspace.ts';
import { noCutoffReason } from './cutoff.ts';

const KEY = 'cutoff';
const preference = v.object({ precision: v.nullable(v.pipe(v.number(), v.gtValue(0), v.ltValue(1))) });

/** Measures from now on whenever another run answers. Called once. */
export function watchCutoff(workspace: Workspace): void {
  workspace.search.subscribe((state, before) => {
    if (state.runId !== before.runId) void measure(workspace);
  });
  // The same run may have been scored again, on other labels.
  workspace.comparison.subscribe((state, before) => {
    if (answering(workspace, state.runs) !== answering(workspace, before.runs)) void measure(workspace);
  });
}

/** Reads the stored choice. */
export async function restoreCutoff(workspace: Workspace): Promise<void> {
  const stored = await getSetting(database, KEY, preference);
  if (stored) workspace.cutoff.setState(stored);
}

/** Hides, on the search screen, what is less similar than neighbours that are right in this share; null hides nothing. */
export async function setCutoff(workspace: Workspace, precision: number | null): Promise<void> {
  workspace.cutoff.setState({ precision });
  await measure(workspace);
  await putSetting(database, KEY, { precision }).catch((error) => jobs.fail('search', error));
}

const answering = (workspace: Workspace, runs: readonly RunRow[]): RunRow | null => {
  const { runId } = workspace.search.getState();
  return runs.find(({ id }) => id === runId) ?? null;
};

async function measure(workspace: Workspace): Promise<void> {
  const turn = ++workspace.measuring.newest;
  const run = answering(workspace, workspace.comparison.getState().runs);
  const { precision } = workspace.cutoff.getState();
  const unmeasured = { runId: run?.id ?? null, cutoff: null, reason: run?.result.validation ? null : reasonOf(run) };
  if (!run || precision === null || unmeasured.reason !== null) {
    workspace.cutoff.setState(unmeasured);
    return;
  }
  try {
    const curve =
      workspace.measuring.measured?.run === run ? workspace.measuring.measured.curve : await curveOf(workspace, run);
    if (turn !== workspace.measuring.newest) return;
    workspace.measuring.measured = { run, curve };
    workspace.cutoff.setState({
      runId: run.id,
      reason: curve ? null : noCutoffReason(run),
      cutoff: curve && cutoffFor(curve, precision),
    });
  } catch (error) {
    if (turn === workspace.measuring.newest) workspace.cutoff.setState(unmeasured);
    jobs.fail('search', error);
  }
}

const reasonOf = (run: RunRow | null): string | null => run && noCutoffReason(run);

async function curveOf(workspace: Workspace, { id }: RunRow): Promise<PrecisionCurve | null> {
  const queries = await queriesOf(workspace)(id, 'validation');
  return queries && precisionCurve(await judgedSimilarities(workspace, queries, 'validation'));
}
