import { AppError } from '../errors.ts';
import { numeral } from '../numerals.ts';

/** Unit rows are recognised within this: float32 rounding of 10,000 numbers stays far below, a forgotten normalisation far above. */
const UNIT_TOLERANCE = 1e-3;

/** Matrices of the same width, one below the other. Returns a new array, owned by the caller; the parts are left as they are. */
export function joinRows(parts: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * L2-normalises each row of `matrix` [n, dimensions]. Returns a new matrix of the same shape, owned by the caller;
 * `matrix` is left as it is. A row of zeros has no direction and stays zero: its cosine with everything is 0.
 */
export function normaliseRows(matrix: Float32Array, dimensions: number): Float32Array<ArrayBuffer> {
  const rows = countRows(matrix, dimensions);
  const unit = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    const start = row * dimensions;
    const length = Math.sqrt(squaredLength(matrix, start, dimensions));
    if (length === 0) continue;
    // Divided in float64 and rounded once, as the reference does, instead of multiplied by a rounded reciprocal.
    for (let i = start; i < start + dimensions; i++) unit[i] = (matrix[i] as number) / length;
  }
  return unit;
}

/**
 * Checks that each row of `matrix` [n, dimensions] is a unit vector or zero. Throws AppError 'bad-argument' for the
 * first that is not (NaN and infinity included), since a search over such rows would rank by nonsense. Returns their number.
 */
export function assertUnitRows(matrix: Float32Array, dimensions: number): number {
  const rows = countRows(matrix, dimensions);
  for (let row = 0; row < rows; row++) {
    const squared = squaredLength(matrix, row * dimensions, dimensions);
    if (squared === 0 || Math.abs(Math.sqrt(squared) - 1) <= UNIT_TOLERANCE) continue;
    throw new AppError(
      'bad-argument',
      Number.isFinite(squared)
        ? `Embedding ${numeral(row + 1)} of ${numeral(rows)} is not of length 1. Embed the images again.`
        : `Embedding ${numeral(row + 1)} of ${numeral(rows)} contains a value that is not a number. Embed the images again.`,
    );
  }
  return rows;
}

/** Number of rows of `matrix` [n, dimensions]. Throws AppError 'bad-argument' where it does not divide evenly. */
export function countRows(matrix: Float32Array, dimensions: number): number {
  const rows = matrix.length / dimensions;
  if (!Number.isInteger(dimensions) || dimensions < 1 || !Number.isInteger(rows)) {
    throw new AppError('bad-argument', `${matrix.length} numbers are no matrix with rows of ${dimensions}.`);
  }
  return rows;
}

function squaredLength(matrix: Float32Array, start: number, dimensions: number): number {
  let sum = 0;
  for (let i = start; i < start + dimensions; i++) {
    const value = matrix[i] as number;
    sum += value * value;
  }
  return sum;
}
