import type { RunResult } from '../exports/report.ts';
import type { TrainingResult } from '../heads/training.ts';
import type { IndexKind } from '../search/backends.ts';
import { rankingNamed } from '../search/rankings.ts';
import type { Embeddings } from '../storage/embeddings.ts';
import type { ImageRecord } from '../types.ts';
import type { Rankings } from '../workers/protocol.ts';
import type { Context } from './context.ts';
import {
  buildIndex,
  galleryKey,
  isBuilt,
  medianQueryMs,
  type QueryOrder,
  type WorkGallery,
  withGallery,
} from './gallery.ts';
import { type Run, runIdentity } from './run.ts';
import { wholeBlock } from './run-blocks.ts';
import {
  classCosines,
  galleryClasses,
  type OpenChoice,
  type RunClasses,
  runClasses,
  type ValidatedClasses,
  validationParts,
} from './run-classes.ts';
import { embedImages, headsOf, runEmbeddings } from './run-embeddings.ts';
import { type Judged, judge, rankAll } from './score.ts';
import { queryRows, type ScoredImages, scoredImages } from './scored-images.ts';
import type { GalleryClasses } from './search-client.ts';
import { galleryBlocks, toldApart } from './told-apart.ts';
import { repeatedOnce } from './worker-faults.ts';

export interface RunSettings {
  readonly ks: readonly number[];
  /** Whose rankings are scored on the test split; validation is always exact. */
  readonly index: IndexKind;
  readonly efSearch: number;
  /** For rankings that use classes. */
  readonly open: OpenChoice;
}

export interface TestReport {
  /** Null where there is no query, or nothing to search. */
  readonly test: Judged | null;
  readonly index: IndexKind;
  readonly indexBuildMs: number;
  readonly queryMsP50: number;
}

const classesOf = (images: readonly ImageRecord[]) => images.map(({ className }) => className);

/**
 * Judges the run on its test split, by exact rankings unless those of HNSW are asked for. Where the search
 * worker dies, everything is handed to a new one and done once more.
 */
export async function evaluateTest(
  context: Context,
  run: Run,
  { ks, index, efSearch }: Pick<RunSettings, 'ks' | 'index' | 'efSearch'>,
  classes: RunClasses | null,
  signal: AbortSignal,
): Promise<TestReport> {
  const scored = scoredImages(run.images, 'test');
  const { gallery, queries: query, own } = scored;
  if (gallery.length === 0 || query.length === 0) return { test: null, index, indexBuildMs: 0, queryMsP50: 0 };
  const key = await galleryKey(context, run);
  return repeatedOnce(signal, async () =>
    withGallery(context, await rankedGallery(context, run, key, classes, index), async () => {
      const { ms: indexBuildMs } = isBuilt(index)
        ? await buildIndex(context, key, index, efSearch, signal, () => {})
        : { ms: 0 };
      const queries = await queryRows(scored, (split) => runEmbeddings(context, run, split));
      const by = await queryOrder(context, run, scored, classes);
      const ranked = { key, index, queries, by, own };
      const test = await judge(context, ranked, classesOf(query), classesOf(gallery), ks, signal);
      return { test, index, indexBuildMs, queryMsP50: await medianQueryMs(context, key, queries, index, by) };
    }),
  );
}

/** The run's gallery, with what its ranking needs. */
async function rankedGallery(
  context: Context,
  run: Run,
  key: string,
  classes: RunClasses | null,
  index: IndexKind,
): Promise<WorkGallery> {
  const ofClasses = classes && (await galleryClasses(context, run, classes));
  return { key, rows: galleryBlocks(context, run), classes: ofClasses, index };
}

/** Null of a ranking that is the search's own order, and for one whose classes are unknown. */
export const withoutClasses = ({ rank }: Run): QueryOrder | null =>
  rank === 'plain' || rankingNamed(rank).usesClasses
    ? null
    : { ranking: rank, classes: { matrix: new Float32Array(), dimensions: 0 } };

async function queryOrder(
  context: Context,
  run: Run,
  scored: ScoredImages,
  classes: RunClasses | null,
): Promise<QueryOrder | null> {
  if (!classes) return withoutClasses(run);
  return { ranking: run.rank, classes: await queryRows(scored, (split) => classCosines(context, run, split)) };
}

/**
 * Judges the run on the validation part of training/: query against gallery, by heads that have seen neither; positions
 * are those of the training images. Null where no class is large enough to be divided.
 */
export async function evaluateValidation(
  context: Context,
  run: Run,
  ks: readonly number[],
  classes: RunClasses | null,
  signal: AbortSignal,
  others: 'freed' | 'searched-kept' = 'freed',
): Promise<Judged | null> {
  const parts = validationParts(run);
  if (!parts) return null;
  const { split, gallery, query } = parts;
  const heads = await headsOf(context, run, 'fitHeads');
  const validated = classes?.validated ?? null;
  const embed = (part: readonly (ImageRecord & { readonly hash: string })[]): Promise<Embeddings> =>
    embedImages(
      context,
      run,
      part.map(({ hash }) => hash),
      heads,
    );
  const key = `validation/${await galleryKey(context, run)}/${run.recipe.seed}`;
  const rows = wholeBlock(gallery.length, () => embed(gallery));
  const searched = {
    key,
    rows: toldApart(context, run, gallery, rows),
    classes: classes && validated && validationClasses(gallery.length, classes, validated),
    others,
  };
  const judged = await repeatedOnce(signal, () =>
    withGallery(context, searched, async () => {
      const queries = await embed(query);
      const by = validated ? { ranking: run.rank, classes: validated.queries } : withoutClasses(run);
      return judge(context, { key, index: 'exact', queries, by }, classesOf(query), classesOf(gallery), ks, signal);
    }),
  );
  return placed(judged, split.query, split.gallery);
}

function validationClasses(rows: number, { settings }: RunClasses, { gallery }: ValidatedClasses): GalleryClasses {
  // Copies, since what is handed over is moved, and may have to be handed over again.
  const take = async () => ({ ...gallery, matrix: gallery.matrix.slice() });
  return { name: JSON.stringify(['validation', settings]), settings, rows: wholeBlock(rows, take) };
}

/** The same, with every position translated. */
export function placed({ scores, outcomes, neighbours }: Judged, queries: Int32Array, gallery: Int32Array): Judged {
  return {
    scores,
    outcomes: { ...outcomes, queries: outcomes.queries.map((row) => queries[row] ?? -1) },
    neighbours: { ...neighbours, rows: neighbours.rows.map((row) => (row < 0 ? -1 : (gallery[row] ?? -1))) },
  };
}

/** Ranks all queries: the first k of each. Queries and rows are those of scoredImages(…, 'test'). */
export async function rankQueries(
  context: Context,
  run: Run,
  k: number,
  { index, open }: Pick<RunSettings, 'index' | 'open'>,
  signal: AbortSignal,
): Promise<Rankings> {
  const key = await galleryKey(context, run);
  const classes = await runClasses(context, run, open);
  return repeatedOnce(signal, async () =>
    withGallery(context, await rankedGallery(context, run, key, classes, index), async () => {
      const scored = scoredImages(run.images, 'test');
      const queries = await queryRows(scored, (split) => runEmbeddings(context, run, split));
      const by = await queryOrder(context, run, scored, classes);
      return rankAll(context, { key, index, queries, by, own: scored.own }, k, signal);
    }),
  );
}

export interface RunTiming {
  readonly extractMs: number;
  readonly imagesPerSecond: number | null;
  readonly trainMs: number;
}

/** The run as the report and the storage know it. `trainings`: of the heads trained for it, one a group. */
export function runResult(
  run: Run,
  { test, index, indexBuildMs, queryMsP50 }: TestReport,
  validation: Judged | null,
  trainings: readonly TrainingResult[],
  classes: RunClasses | null,
  timing: RunTiming,
): RunResult {
  return {
    ...runIdentity(run),
    weights: run.members.map(({ weightsId }) => weightsId),
    test: test?.scores ?? null,
    validation: validation?.scores ?? null,
    training: summaryOf(trainings),
    posterior: classes && {
      ...classes.calibration,
      images: classes.images,
      open: classes.settings.floor !== null,
    },
    index,
    timing: { ...timing, indexBuildMs, queryMsP50 },
  };
}

/** For several heads trained apart: the longest training, and the sum of the losses. */
function summaryOf(trainings: readonly TrainingResult[]): RunResult['training'] {
  if (trainings.length === 0) return null;
  const losses = trainings.flatMap(({ bestValidationLoss }) => bestValidationLoss ?? []);
  return {
    epochs: Math.max(...trainings.map(({ epochs }) => epochs)),
    bestEpoch: Math.max(...trainings.map(({ bestEpoch }) => bestEpoch)),
    bestValLoss: losses.length === 0 ? null : losses.reduce((sum, loss) => sum + loss, 0),
  };
}
