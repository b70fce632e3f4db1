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
