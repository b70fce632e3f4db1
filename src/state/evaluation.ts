import type { RunSettings, RunTiming } from '../core/evaluate-run.ts';
import * as core from '../core/evaluation.ts';
import { type RunRow, rowOf as rowFrom } from '../core/run-row.ts';
import { aborted } from '../errors.ts';
import type { ImageRecord } from '../types.ts';
import { comparisonStore } from './comparison.ts';
import { datasetSession } from './dataset-session.ts';
import type { RunChoice, StoredRun } from './runs.ts';
import { context } from './session.ts';

export { USUAL_SETTINGS } from '../core/evaluation.ts';

export const rowOf = (stored: StoredRun): RunRow => rowFrom(context.weights, stored);

/** Scores a run of the open data set whose features and heads are there, on test and validation. */
export async function evaluate(
  choice: RunChoice,
  images: readonly ImageRecord[],
  settings: RunSettings,
  signal: AbortSignal,
  timing?: RunTiming,
): Promise<StoredRun | null> {
  if (signal.aborted) throw aborted();
  const datasetId = images[0]?.datasetId;
  if (datasetId === undefined) return null;
  return core.evaluate(context, choice, { datasetId, images }, settings, signal, timing);
}

/** Adds a run to the table, or replaces the one of the same name; of another data set than the open one nothing is shown. */
context.changes.on((change) => {
  if (change.kind !== 'run-scored' || change.datasetId !== datasetSession()?.stored.id) return;
  const row = rowOf(change.run);
  comparisonStore.setState(({ runs }) => ({
    runs: runs.some(({ id }) => id === row.id) ? runs.map((old) => (old.id === row.id ? row : old)) : [...runs, row],
  }));
});
