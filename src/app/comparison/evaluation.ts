import type { RunSettings, RunTiming } from '../../core/evaluate-run.ts';
import * as core from '../../core/evaluation.ts';
import { type RunRow, rowsOf as rowsFrom } from '../../core/run-name.ts';
import { aborted } from '../../errors.ts';
import type { ImageRecord } from '../../types.ts';
import { context } from '../context.ts';
import type { RunChoice, StoredRun } from './runs.ts';

export { USUAL_SETTINGS } from '../../core/evaluation.ts';

export const rowsOf = (runs: Parameters<typeof rowsFrom>[1]): RunRow[] => rowsFrom(context.weights, runs);

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
