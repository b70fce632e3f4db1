import {
  evaluateTest,
  evaluateValidation,
  placed,
  type RunSettings,
  type RunTiming,
  runResult,
  scoredImages,
} from '../core/evaluate-run.ts';
import { type ReadImage, trainedTogether } from '../core/run.ts';
import type { Judged } from '../core/score.ts';
import { storedHeads } from '../core/train-heads.ts';
import { RUN_COLOURS } from '../figures/palette.ts';
import type { TrainingResult } from '../heads/training.ts';
import { USUAL_KS } from '../metrics/registry.ts';
import { type JudgedRun, putRun } from '../storage/runs.ts';
import type { ImageRecord, ScoredSplit } from '../types.ts';
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
  const subject = await subjectDigest(images);
  const stored: StoredRun = {
    subject,
    madeAt: Date.now(),
    choice,
    imagesPerSecond: row?.imagesPerSecond ?? null,
    colour: colourOf(runId(choice)),
    result: runResult(run, test, validation, trainings, timing),
  };
  await putRun(database, run.datasetId, runId(choice), stored, {
    test: judgedOf(test.test, subject, run.images, images, 'test'),
    validation: judgedOf(validation, subject, run.images, images, 'validation'),
  });
  showRun(stored);
  return stored;
}

/** What is stored of a split: positions count the images of the data set, whichever of them the run's members embedded. */
function judgedOf(
  judged: Judged | null,
  subject: string,
  embedded: readonly ImageRecord[],
  all: readonly ImageRecord[],
  split: ScoredSplit,
): JudgedRun | null {
  if (!judged) return null;
  const [from, to] = [scoredImages(embedded, split), scoredImages(all, split)];
  const positions = (some: readonly ReadImage[], among: readonly ReadImage[]) => {
    const at = new Map(among.map(({ path }, position) => [path, position]));
    return Int32Array.from(some, ({ path }) => at.get(path) ?? -1);
  };
  const { outcomes, neighbours } = placed(
    judged,
    positions(from.queries, to.queries),
    positions(from.gallery, to.gallery),
  );
  return { subject, outcomes, neighbours };
}

/** The colour that the run has, else the one that fewest runs have. */
function colourOf(id: string): number {
  const { runs } = comparisonStore.getState();
  const known = runs.find((run) => run.id === id);
  if (known) return known.colour;
  const uses = RUN_COLOURS.map((_, slot) => runs.filter(({ colour }) => colour % RUN_COLOURS.length === slot).length);
  return uses.indexOf(Math.min(...uses));
}

/** Adds a run to the table, or replaces the one of the same name. */
export function showRun(stored: StoredRun): void {
  const row = rowOf(stored);
  comparisonStore.setState(({ runs }) => ({
    runs: runs.some(({ id }) => id === row.id) ? runs.map((old) => (old.id === row.id ? row : old)) : [...runs, row],
  }));
}

export function rowOf({ choice, colour, result }: StoredRun): RunRow {
  return { id: runId(choice), label: runLabel(choice), choice, colour, result };
}
