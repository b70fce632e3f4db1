/** The greatest code of a number; the least is its negative. */
export const MOST_CODE = 127;

/** Rows that are compared in one call of a kernel. */
export const TILE_ROWS = 8192;

/** Scores of some rows, in row order. They order the rows of one query, and mean nothing else. */
export interface Scored {
  readonly rows: Int32Array;
  readonly scores: Float32Array;
}

/**
 * A gallery as codes of 8 bits with one scale a row: a number is about code · scale, and off by half a scale at most. The scale
 * is the row's greatest absolute number divided by MOST_CODE; a row of zeros has scale 0.
 */
export interface CodeRows {
  /** Codes of a row: the dimensions, filled up with zeros to a multiple of 16. */
  readonly stride: number;
  /** Makes codes of `block` [m, dimensions], finite numbers, for row `at` and the following. They must fit. */
  write(block: Float32Array, at: number): void;
  /** Codes [count · stride] and scales [count] of the rows first … first + count, where they lie: what is written there is theirs. */
  codesOf(first: number, count: number): Int8Array;
  scalesOf(first: number, count: number): Float32Array;
  /**
   * The rows first … first + count whose score with `query`, integers, is above `threshold`; count ≤ TILE_ROWS. Both arrays are the
   * kernel's, and end with its next call.
   */
  above(query: Int16Array, first: number, count: number, threshold: number): Scored;
}

/** What compares codes: plain loops, or WASM with SIMD. Codes and scores of both are bit-identical. */
export interface CodeKernel {
  /** Room for that many rows. Throws AppError 'bad-argument' where there is none. */
  room(rows: number, dimensions: number): CodeRows;
}

export const strideOf = (dimensions: number): number => Math.ceil(dimensions / 16) * 16;

/** A query as whole numbers: a number of it is about integer · unit, and off by half a unit at most. */
export interface WholeQuery {
  readonly integers: Int16Array;
  readonly unit: number;
}

/**
 * A query [dimensions] in 16 bits, filled up with zeros to `stride`: as fine as sums of `stride` products with codes allow in 32
 * bits. A query loses some hundred times less than a row does.
 */
export function wholeQuery(query: Float32Array, stride: number): WholeQuery {
  const most = query.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const finest = Math.min(2 ** 15 - 1, Math.floor((2 ** 31 - 1) / (MOST_CODE * stride)));
  const integers = new Int16Array(stride);
  if (most > 0) integers.set(query.map((value) => Math.round((value / most) * finest)));
  return { integers, unit: most / finest };
}
