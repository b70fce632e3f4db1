import * as chosen from '../../core/chosen-run.ts';
import type { RunSettings, RunTiming } from '../../core/evaluate-run.ts';
import type { Run } from '../../core/run.ts';
import type { RunChoice, StoredRun } from '../../core/run-choice.ts';
import { type RunRow, rowsOf as rowsFrom } from '../../core/run-name.ts';
import { aborted } from '../../errors.ts';
import type { ImageRecord } from '../../types.ts';
import { context } from '../context.ts';

export * from '../../core/run-choice.ts';

export const subjectDigest = (images: readonly ImageRecord[]): Promise<string> => context.digests.subject(images);

/** The chosen run on those images of the open data set that all its members have embedded; null where there are none. */
export async function runOf(choice: RunChoice, images: readonly ImageRecord[]): Promise<Run | null> {
  const datasetId = images[0]?.datasetId;
  return datasetId === undefined ? null : chosen.runOf(context, choice, { datasetId, images });
}

export async function searchableRunOf(choice: RunChoice, images: readonly ImageRecord[]): Promise<Run | null> {
  const datasetId = images[0]?.datasetId;
  return datasetId === undefined ? null : chosen.searchableRunOf(context, choice, { datasetId, images });
}

export const rowsOf = (runs: Parameters<typeof rowsFrom>[1]): RunRow[] => rowsFrom(context.weights, runs);

/** Scores a run of the open data set whose features and heads are there, on test and validation; as screens show runs, unless `settings` say otherwise. */
export async function evaluate(
  choice: RunChoice,
  images: readonly ImageRecord[],
  signal: AbortSignal,
  timing?: RunTiming,
  settings?: RunSettings,
): Promise<StoredRun | null> {
  const core = await import('../../core/evaluation.ts');
  if (signal.aborted) throw aborted();
  const datasetId = images[0]?.datasetId;
  if (datasetId === undefined) return null;
  return core.evaluate(context, choice, { datasetId, images }, settings ?? core.USUAL_SETTINGS, signal, timing);
}
