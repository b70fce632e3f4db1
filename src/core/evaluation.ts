import { RUN_COLOURS } from '../figures/palette.ts';
import type { TrainingResult } from '../heads/training.ts';
import { USUAL_KS } from '../metrics/registry.ts';
import { getRuns, putRun } from '../storage/runs.ts';
import type { JudgedRun } from '../storage/schema.ts';
import type { ImageRecord, ScoredSplit } from '../types.ts';
import { runOf } from './chosen-run.ts';
import type { Context, Subject } from './context.ts';
import {
  evaluateTest,
  evaluateValidation,
  placed,
  type RunSettings,
  type RunTiming,
  runResult,
} from './evaluate-run.ts';
import { type ReadImage, type Run, trainedTogether } from './run.ts';
import { type RunChoice, runId, type StoredRun, storedRunSchema } from './run-choice.ts';
import { runClasses } from './run-classes.ts';
import type { Judged } from './score.ts';
import { scoredImages } from './scored-images.ts';
import { storedHeads } from './train-heads.ts';

/** Figures on screens come from exact rankings, no matter which index answers queries. */
export const USUAL_SETTINGS: RunSettings = { ks: USUAL_KS, index: 'exact', efSearch: 64, open: 'auto' };

const NO_TIMING: RunTiming = { extractMs: 0, imagesPerSecond: null, trainMs: 0 };

/** Scores a run whose features and heads are there, on test and validation; stores the result and tells of it. */
export async function evaluate(
  context: Context,
  choice: RunChoice,
  { datasetId, images }: Subject,
  settings: RunSettings,
  signal: AbortSignal,
  timing: RunTiming = NO_TIMING,
): Promise<StoredRun | null> {
  const { database, digests, changes } = context;
  const run = await runOf(context, choice, { datasetId, images });
  if (!run) return null;
  const trainings: TrainingResult[] = [];
  for (const group of trainedTogether(run)) trainings.push(await storedHeads(context, run, group));
  const classes = await runClasses(context, run, settings.open);
  const test = await evaluateTest(context, run, settings, classes, signal);
  const validation = await evaluateValidation(context, run, settings.ks, classes, signal);
  const subject = await digests.subject(images);
  const known = await getRuns(database, datasetId, storedRunSchema);
  const before = known.get(runId(choice));
  const classesKnown = knownAmong(trainings[0]?.classes ?? null, images);
  const stored: StoredRun = {
    subject,
    madeAt: Date.now(),
    choice,
    imagesPerSecond: timing.imagesPerSecond ?? before?.imagesPerSecond ?? null,
    ...(before?.name === undefined ? {} : { name: before.name }),
    ...(before?.note === undefined ? {} : { note: before.note }),
    // A choice among models that were judged with other labels or images says nothing of these.
    ...(before?.chosen === undefined || before.subject !== subject ? {} : { chosen: before.chosen }),
    ...(classesKnown && { classesKnown }),
    colour: before?.colour ?? freeColour([...known.values()]),
    result: runResult(run, test, validation, trainings, classes, timing),
  };
  await putRun(database, run.datasetId, runId(choice), stored, {
    test: judgedOf(test.test, subject, run.images, images, 'test'),
    validation: judgedOf(validation, subject, run.images, images, 'validation'),
  });
  changes.tell({ kind: 'run-scored', datasetId, run: stored });
  return stored;
}

/** How many of the data set's classes a head from a file was trained on; null of other heads, and where there are no classes. */
function knownAmong(
  names: readonly string[] | null,
  images: readonly ImageRecord[],
): NonNullable<StoredRun['classesKnown']> | null {
  const own = new Set(images.flatMap(({ className }) => className ?? []));
  if (names === null || own.size === 0) return null;
  return { known: names.filter((name) => own.has(name)).length, of: own.size };
}

/** What is stored of a split: positions count the images of the data set, embedded or not. */
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

/** The colour that fewest runs have. */
function freeColour(runs: readonly StoredRun[]): number {
  const uses = RUN_COLOURS.map((_, slot) => runs.filter(({ colour }) => colour % RUN_COLOURS.length === slot).length);
  return uses.indexOf(Math.min(...uses));
}

/** Scores a run again, for other labels or roles; false where its features or heads are not there any more. */
export async function scoreAgain(
  context: Context,
  { choice, result }: StoredRun,
  subject: Subject,
  signal: AbortSignal,
): Promise<boolean> {
  const run = await runOf(context, choice, subject);
  const { extractMs, imagesPerSecond, trainMs } = result.timing;
  if (!run || run.images.length < subject.images.length || !(await hasHeads(context, run))) return false;
  await evaluate(context, choice, subject, USUAL_SETTINGS, signal, { extractMs, imagesPerSecond, trainMs });
  return true;
}

async function hasHeads(context: Context, run: Run): Promise<boolean> {
  for (const group of trainedTogether(run)) {
    const found = await storedHeads(context, run, group).catch(() => null);
    if (!found) return false;
  }
  return true;
}
