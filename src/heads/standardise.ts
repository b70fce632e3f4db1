import { AppError } from '../errors.ts';

/** Mean and spread of each of D features. */
export interface Standardisation {
  readonly mean: Float64Array;
  /** Standard deviation, never below the floor. */
  readonly std: Float64Array;
}

/**
 * Least standard deviation, as a share of the average one. A feature that is (almost) constant over the fit rows says
 * nothing there; divided by its tiny spread, it would drown all others in the first image where it moves.
 */
const STD_FLOOR = 0.1;

/**
 * Population mean and standard deviation of `features` [n, dimensions] over `rows`. Throws AppError 'bad-argument' where
 * a feature is not a finite number.
 */
export function standardisation(features: Float32Array, dimensions: number, rows: Int32Array): Standardisation {
  const mean = new Float64Array(dimensions);
  const std = new Float64Array(dimensions);
  for (const row of rows) {
    for (let d = 0; d < dimensions; d++) (mean[d] as number) += features[row * dimensions + d] as number;
  }
  for (let d = 0; d < dimensions; d++) (mean[d] as number) /= rows.length;
  for (const row of rows) {
    for (let d = 0; d < dimensions; d++) {
      const difference = (features[row * dimensions + d] as number) - (mean[d] as number);
      (std[d] as number) += difference * difference;
    }
  }
  let sum = 0;
  for (let d = 0; d < dimensions; d++) {
    std[d] = Math.sqrt((std[d] as number) / rows.length);
    sum += std[d] as number;
  }
  if (!Number.isFinite(sum)) {
    throw new AppError('bad-argument', 'The features contain values that are not finite. Extract them again.');
  }
  // Where every feature is constant there is no scale to keep.
  const floor = (STD_FLOOR * sum) / dimensions || 1;
  return { mean, std: std.map((value) => Math.max(value, floor)) };
}

/**
 * Copies `rows` of `features` [·, D] standardised into the beginning of `into`, or a fresh array; D is the
 * standardisation's length. Returns them, [rows.length, D].
 */
export function gatherBatch(
  features: Float32Array,
  rows: Int32Array,
  { mean, std }: Standardisation,
  into?: Float32Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> {
  const dimensions = mean.length;
  const length = rows.length * dimensions;
  const batch = into ? into.subarray(0, length) : new Float32Array(length);
  const scale = std.map((value) => 1 / value);
  for (let i = 0; i < rows.length; i++) {
    const from = (rows[i] as number) * dimensions;
    const to = i * dimensions;
    for (let d = 0; d < dimensions; d++) {
      batch[to + d] = ((features[from + d] as number) - (mean[d] as number)) * (scale[d] as number);
    }
  }
  return batch;
}

/** Labels of `rows`. */
export function gatherLabels(labels: Int32Array, rows: Int32Array): Int32Array<ArrayBuffer> {
  return Int32Array.from(rows, (row) => labels[row] as number);
}
