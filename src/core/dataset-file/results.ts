import * as v from 'valibot';
import type { Head } from '../../heads/head.ts';
import { calibrationSchema, classesSchema } from '../../heads/head-file.ts';
import { EMBEDDING_SIZE } from '../../heads/parameters.ts';
import type { EpochReport, TrainingResult } from '../../heads/training.ts';
import { isMetricKey, MOST_K, metricOf } from '../../metrics/registry.ts';
import type { StoredNeighbours, StoredOutcomes } from '../../storage/schema.ts';
import type { MetricScore, ScoredSplit, Scores } from '../../types.ts';
import { type StoredRun, storedRunSchema } from '../run-choice.ts';
import { count, floats } from './schema.ts';

/** Trained heads and scored runs in a data set's file. */

const key = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));
const integers = v.custom<Int32Array<ArrayBuffer>>((value) => value instanceof Int32Array, 'not whole numbers');
const doubles = v.custom<Float64Array<ArrayBuffer>>((value) => value instanceof Float64Array, 'not numbers');
const number = v.pipe(v.number(), v.finite());
const share = v.pipe(number, v.minValue(0), v.maxValue(1));
const epochs = v.pipe(count, v.maxValue(1_000_000));

const head: v.GenericSchema<unknown, Head> = v.pipe(
  v.strictObject({
    dimensions: v.pipe(count, v.minValue(1), v.maxValue(2 ** 16)),
    projection: floats,
    bias: floats,
    // Older files have none.
    classifier: v.exactOptional(v.strictObject({ weight: floats, bias: floats })),
  }),
  v.check(
    ({ dimensions, projection, bias, classifier }) =>
      projection.length === EMBEDDING_SIZE * dimensions &&
      bias.length === EMBEDDING_SIZE &&
      (classifier === undefined || isClassifier(classifier)) &&
      [projection, bias, ...Object.values(classifier ?? {})].every((values) => values.every(Number.isFinite)),
    'a head of another shape',
  ),
);

/** `cosine` has no bias. */
function isClassifier({ weight, bias }: NonNullable<Head['classifier']>): boolean {
  const classes = weight.length / EMBEDDING_SIZE;
  return Number.isInteger(classes) && classes >= 2 && (bias.length === 0 || bias.length === classes);
}

const epoch: v.GenericSchema<unknown, EpochReport> = v.strictObject({
  phase: v.picklist(['fit', 'refit']),
  epoch: epochs,
  epochs,
  loss: number,
  accuracy: share,
  validation: v.nullable(v.strictObject({ loss: number, accuracy: share, topk: v.record(v.string(), share) })),
  best: v.boolean(),
  milliseconds: v.pipe(number, v.minValue(0)),
});

const result: v.GenericSchema<unknown, TrainingResult> = v.pipe(
  v.strictObject({
    heads: v.pipe(v.array(head), v.minLength(1), v.maxLength(100)),
    fitHeads: v.pipe(v.array(head), v.minLength(1), v.maxLength(100)),
    refit: v.boolean(),
    split: v.strictObject({ fit: integers, gallery: integers, query: integers, undividedClasses: v.array(count) }),
    epochs,
    bestEpoch: epochs,
    bestValidationLoss: v.nullable(number),
    ended: v.picklist(['patience', 'epochs', 'stopped']),
    history: v.pipe(v.array(epoch), v.maxLength(10_000)),
    calibration: v.exactOptional(calibrationSchema),
    classes: v.exactOptional(classesSchema),
  }),
  v.check(
    ({ heads, fitHeads }) =>
      heads.length === fitHeads.length && heads.every(({ dimensions }, at) => dimensions === fitHeads[at]?.dimensions),
    'heads of different models',
  ),
  v.check(({ split: { fit, gallery, query } }) => {
    const rows = [...fit, ...gallery, ...query];
    return new Set(rows).size === rows.length && rows.every((row) => row >= 0);
  }, 'a split that has an image twice'),
);

export const headSchema = v.strictObject({ key, result });

const outcomes: v.GenericSchema<unknown, StoredOutcomes> = v.pipe(
  v.strictObject({
    subject: key,
    queries: integers,
    relevant: integers,
    firstHitRank: integers,
    apAtR: doubles,
    // Older files have none.
    rPrecision: v.exactOptional(doubles),
  }),
  v.check(
    ({ queries, relevant, firstHitRank, apAtR, rPrecision = apAtR }) =>
      [relevant, firstHitRank, apAtR, rPrecision].every(({ length }) => length === queries.length),
    'lists of different lengths',
  ),
);
const neighbours: v.GenericSchema<unknown, StoredNeighbours> = v.pipe(
  v.strictObject({ subject: key, k: v.pipe(count, v.maxValue(10_000)), rows: integers, similarities: floats }),
  v.check(({ rows, similarities }) => rows.length === similarities.length, 'lists of different lengths'),
);

const judged = v.nullable(
  v.pipe(
    v.strictObject({ outcomes, neighbours }),
    v.check(({ outcomes: { queries, subject }, neighbours: { rows, k, subject: same } }) => {
      return subject === same && rows.length === queries.length * k;
    }, 'neighbours of other queries'),
  ),
);

/** Whether its numbers can be so, and follow from each other, `whatIsWrong` says. */
export const runSchema = v.strictObject({ id: key, run: storedRunSchema, test: judged, validation: judged });
export type RunPiece = v.InferOutput<typeof runSchema>;

type Judged = NonNullable<RunPiece[ScoredSplit]>;

/** Sums of the same numbers in another order differ by less. */
const ROUNDING = 1e-6;

/**
 * What in a run of a data set's file cannot be so, as the end of a sentence; null where nothing is. Its numbers are within their
 * bounds, its positions within `images`, and what it was scored with is what its queries one by one give.
 */
export function whatIsWrong(
  { result, ...run }: StoredRun,
  judged: Omit<RunPiece, 'run'>,
  images: number,
): string | null {
  const { timing, training, seed } = result;
  const times = [timing.extractMs, timing.trainMs, timing.indexBuildMs, timing.queryMsP50, timing.imagesPerSecond ?? 0];
  if (![...times, run.madeAt, run.colour, run.imagesPerSecond ?? 0].every(isAmount)) return 'a time that cannot be';
  if (!isCount(seed) || (training && ![training.epochs, training.bestEpoch].every(isCount))) {
    return 'a number of epochs that cannot be';
  }
  for (const split of ['test', 'validation'] as const) {
    const [scores, of] = [result[split], judged[split]];
    const wrong =
      (scores && wrongScores(scores, images)) ??
      (of && wrongJudged(of, images)) ??
      (scores && of && wrongTogether(scores, of));
    if (wrong) return wrong;
  }
  return null;
}

const isAmount = (value: number): boolean => Number.isFinite(value) && value >= 0;
const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const isShare = (value: number): boolean => value >= 0 && value <= 1 + ROUNDING;

function wrongScores({ queries, skipped, topk, mapAtR, mrr, metrics = {} }: Scores, images: number): string | null {
  if (![queries, skipped].every((count) => isCount(count) && count <= images)) return 'more queries than images';
  if (![mapAtR, mrr, ...Object.values(topk)].every(isShare)) return 'a share that is none';
  const ks = Object.keys(topk).map(Number);
  if (!ks.every((k) => Number.isInteger(k) && k >= 1 && k <= MOST_K)) return 'a k that is none';
  for (const [key, score] of Object.entries(metrics)) {
    if (!isMetricKey(key)) return 'a metric that there is not';
    if (!isScore(score, metricOf(key).format === 'share' ? [0, 1 + ROUNDING] : [1, images])) {
      return `values of ${key} that cannot be`;
    }
  }
  return null;
}

function isScore({ value, interval, macro }: MetricScore, [least, most]: readonly [number, number]): boolean {
  const inBounds = (number: number | null) => number === null || (number >= least && number <= most);
  const [low, high] = interval ?? [least, most];
  return inBounds(value) && inBounds(macro) && inBounds(low) && inBounds(high) && low <= high + ROUNDING;
}

function wrongJudged({ outcomes, neighbours: { k, rows, similarities } }: Judged, images: number): string | null {
  const { queries, relevant, firstHitRank, apAtR, rPrecision = apAtR } = outcomes;
  if (queries.length > images || new Set(queries).size !== queries.length) return 'a query twice';
  for (const [at, query] of queries.entries()) {
    const [r, rank] = [relevant[at] ?? 0, firstHitRank[at] ?? 0];
    if (query < 0 || query >= images || r < 0 || r > images) return 'a query that there is not';
    if (rank < 0 || rank > images || (r === 0 && rank > 0)) return 'a rank that cannot be';
    if (!isShare(apAtR[at] ?? 0) || !isShare(rPrecision[at] ?? 0)) return 'a precision that is no share';
    const found = new Set<number>();
    for (let place = at * k; place < (at + 1) * k; place++) {
      const [row, similarity] = [rows[place] ?? -1, similarities[place] ?? 0];
      if (row === -1) continue;
      if (row < 0 || row >= images || found.has(row)) return 'a neighbour that there is not, or twice';
      if (!(Math.abs(similarity) <= 1 + 1e-3)) return 'a similarity that is no cosine';
      found.add(row);
    }
  }
  return null;
}

/** The figures that follow from the queries alone: to forge them takes forging each query too. */
function wrongTogether(scores: Scores, { outcomes: { relevant, firstHitRank, apAtR } }: Judged): string | null {
  const counted = [...relevant.keys()].filter((at) => relevant[at] !== 0);
  if (scores.queries !== counted.length || scores.skipped !== relevant.length - counted.length) {
    return 'figures of other queries than its own';
  }
  const ranks = counted.map((at) => firstHitRank[at] ?? 0);
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const same = (claimed: number, values: readonly number[]) => Math.abs(claimed - mean(values)) <= ROUNDING;
  const topk = Object.entries(scores.topk).every(([k, share]) =>
    same(
      share,
      ranks.map((rank) => (rank > 0 && rank <= Number(k) ? 1 : 0)),
    ),
  );
  const others =
    same(
      scores.mapAtR,
      counted.map((at) => apAtR[at] ?? 0),
    ) &&
    same(
      scores.mrr,
      ranks.map((rank) => (rank > 0 ? 1 / rank : 0)),
    );
  const metrics = Object.entries(scores.metrics ?? {}).every(([key, { value }]) => {
    const report = isMetricKey(key) ? metricOf(key).inReport?.(scores) : undefined;
    return report === undefined || value === null || Math.abs(value - report) <= ROUNDING;
  });
  return topk && others && metrics ? null : 'figures that its queries do not give';
}
