import type { TrainingResult } from '../heads/training.ts';
import {
  evaluateTest,
  evaluateValidation,
  type RunSettings,
  type RunTiming,
  runResult,
} from '../pipeline/evaluate-run.ts';
import { trainedTogether } from '../pipeline/run.ts';
import { USUAL_KS } from '../pipeline/score.ts';
import { storedHeads } from '../pipeline/train-heads.ts';
import { putRun } from '../storage/runs.ts';
import type { ImageRecord } from '../types.ts';
import { comparisonStore, type RunRow } from './comparison.ts';
import { modelsStore } from './models.ts';
import { type RunChoice, runId, runLabel, runOf, type StoredRun, subjectDigest } from './runs.ts';
import { database } from './session.ts';

/** Figures on screens come from exact rankings, whichever index answers queries. */
export const USUAL_SETTINGS: RunSettings = { ks: USUAL_KS, index: 'exact', efSearch: 64 };

const NO_TIMING: RunTiming = { extractMs: 0, imagesPerSecond: null, trainMs: 0 };

/** Scores a run whose features and heads are there, on test and validation; stores and shows the result. */
export async function evaluate(
  choice: RunChoice,
  images: readonly ImageRecord[],
  settings: RunSettings,
  signal: AbortSignal,
  timing: RunTiming = NO_TIMING,
): Promise<StoredRun | null> {
  const run = await runOf(choice, images);
  if (!run) return null;
  const trainings: TrainingResult[] = [];
  for (const group of trainedTogether(run)) trainings.push(await storedHeads(database, run, group));
  const test = await evaluateTest(database, run, settings, signal);
  const validation = await evaluateValidation(database, run, settings.ks, signal);
  const [first] = choice.members;
  const row = modelsStore.getState().rows.find(({ weights }) => weights.id === first?.weightsId);
  const stored: StoredRun = {
    subject: await subjectDigest(images),
    choice,
    imagesPerSecond: row?.imagesPerSecond ?? null,
    result: runResult(run, test, validation, trainings, timing),
  };
  await putRun(database, run.datasetId, runId(choice), stored);
  showRun(stored);
  return stored;
}

/** Adds a run to the table, or replaces the one of the same name. */
export function showRun(stored: StoredRun): void {
  const row = rowOf(stored);
  comparisonStore.setState(({ runs }) => ({
    runs: runs.some(({ id }) => id === row.id) ? runs.map((old) => (old.id === row.id ? row : old)) : [...runs, row],
  }));
}

export function rowOf({ choice, result }: StoredRun): RunRow {
  return { id: runId(choice), label: runLabel(choice), choice, result };
}
