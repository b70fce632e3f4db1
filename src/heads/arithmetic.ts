import { multiply } from '../math/similarity.ts';
import { type AdamRates, update } from './adam.ts';

/** The operations of training that are worth an engine. All matrices are row-major. */
export interface Arithmetic {
  /** a [m, k] × b [k, n]. The result [m, n] is `into`, where one is given, or else a fresh array of the caller's. */
  product(
    a: Float32Array,
    b: Float32Array,
    m: number,
    k: number,
    n: number,
    into?: Float32Array<ArrayBuffer>,
  ): Promise<Float32Array<ArrayBuffer>>;
  /** a [m, k] × bᵀ, of b [n, k]. The result [m, n] is the caller's. */
  productTransposed(
    a: Float32Array,
    b: Float32Array,
    m: number,
    k: number,
    n: number,
  ): Promise<Float32Array<ArrayBuffer>>;
  /** adam.ts's update of one array, in place. All four have the same length. */
  update(
    values: Float32Array,
    gradients: Float32Array,
    first: Float32Array,
    second: Float32Array,
    rates: AdamRates,
  ): void;
  /** `length` zeros, where the other operations find them without copying. They go when the arithmetic does. */
  array(length: number): Float32Array<ArrayBuffer>;
}

/**
 * Opens an arithmetic for one piece of work. `numbers`: how many, at most, its arrays and the arguments and result of any
 * one operation take together. Without it there is no bound, and `array` must not be called.
 */
export type OpenArithmetic = (numbers?: number) => Arithmetic;

/** Without an engine: float64 sums, each rounded once. */
export const plainArithmetic: Arithmetic = {
  product: (a, b, m, k, n, into) => plainProduct(a, transpose(b, k, n), m, k, n, into),
  productTransposed: (a, b, m, k, n) => plainProduct(a, b, m, k, n),
  update,
  array: (length) => new Float32Array(length),
};

async function plainProduct(
  a: Float32Array,
  b: Float32Array,
  m: number,
  k: number,
  n: number,
  into = new Float32Array(m * n),
) {
  multiply(b, a, k, 0, m, into);
  return into;
}

/** `matrix` [rows, columns] as a fresh [columns, rows]. */
export function transpose(matrix: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer> {
  const transposed = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      transposed[column * rows + row] = matrix[row * columns + column] as number;
    }
  }
  return transposed;
}
