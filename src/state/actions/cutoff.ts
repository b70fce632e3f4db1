import * as v from 'valibot';
import { cutoffFor, type PrecisionCurve, precisionCurve } from '../../metrics/cutoff.ts';
import { getSetting, putSetting } from '../../storage/settings.ts';
import { comparisonStore, type RunRow } from '../comparison.ts';
import { cutoffStore, noCutoffReason } from '../cutoff.ts';
import { onOtherDataset } from '../dataset-session.ts';
import { jobs } from '../jobs.ts';
import { judgedSimilarities, loadQueries } from '../judged-neighbours.ts';
import { searchStore } from '../search.ts';
import { database } from '../session.ts';

const KEY = 'cutoff';
const preference = v.object({ precision: v.nullable(v.pipe(v.number(), v.gtValue(0), v.ltValue(1))) });

/** Measures from now on whenever another run answers. Called once. */
export function watchCutoff(): void {
  searchStore.subscribe((state, before) => {
    if (state.runId !== before.runId) void measure();
  });
  // The same run may have been scored anew, on other labels.
  comparisonStore.subscribe((state, before) => {
    if (answering(state.runs) !== answering(before.runs)) void measure();
  });
}

/** Reads the stored choice. */
export async function restoreCutoff(): Promise<void> {
  const stored = await getSetting(database, KEY, preference);
  if (stored) cutoffStore.setState(stored);
}

/** Hides, on the search screen, what is less similar than neighbours that are right in this share; null hides nothing. */
export async function setCutoff(precision: number | null): Promise<void> {
  cutoffStore.setState({ precision });
  await measure();
  await putSetting(database, KEY, { precision }).catch((error) => jobs.fail('search', error));
}

const answering = (runs: readonly RunRow[]): RunRow | null => {
  const { runId } = searchStore.getState();
  return runs.find(({ id }) => id === runId) ?? null;
};

/** Of the run that was measured last: other precisions need no second look at its neighbours. */
let measured: { readonly run: RunRow; readonly curve: PrecisionCurve | null } | null = null;
/** Counts the measurements: a newer one makes the answer of an older one worthless. */
let newest = 0;

onOtherDataset(() => {
  newest++;
  measured = null;
  cutoffStore.setState({ runId: null, reason: null, cutoff: null });
});

async function measure(): Promise<void> {
  const turn = ++newest;
  const run = answering(comparisonStore.getState().runs);
  const { precision } = cutoffStore.getState();
  const unmeasured = { runId: run?.id ?? null, cutoff: null, reason: run?.result.validation ? null : reasonOf(run) };
  if (!run || precision === null || unmeasured.reason !== null) {
    cutoffStore.setState(unmeasured);
    return;
  }
  try {
    const curve = measured?.run === run ? measured.curve : await curveOf(run);
    if (turn !== newest) return;
    measured = { run, curve };
    cutoffStore.setState({
      runId: run.id,
      reason: curve ? null : noCutoffReason(run),
      cutoff: curve && cutoffFor(curve, precision),
    });
  } catch (error) {
    if (turn === newest) cutoffStore.setState(unmeasured);
    jobs.fail('search', error);
  }
}

const reasonOf = (run: RunRow | null): string | null => run && noCutoffReason(run);

async function curveOf({ id }: RunRow): Promise<PrecisionCurve | null> {
  const queries = await loadQueries(id, 'validation');
  return queries && precisionCurve(await judgedSimilarities(queries, 'validation'));
}
