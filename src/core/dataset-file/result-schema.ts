/** Trained heads and scored runs in a data set's file. */
import * as v from 'valibot';
import type { Head } from '../../heads/head.ts';
import { calibrationSchema } from '../../heads/head-file.ts';
import { EMBEDDING_SIZE } from '../../heads/parameters.ts';
import type { EpochReport, TrainingResult } from '../../heads/training.ts';
import type { StoredNeighbours, StoredOutcomes } from '../../storage/schema.ts';
import { storedRunSchema } from '../run-choice.ts';
import { count, floats } from './schema.ts';

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
