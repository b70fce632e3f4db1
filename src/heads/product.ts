import { multiply } from '../math/similarity.ts';

/**
 * The matrix product a [m, k] × b [k, n], all row-major: the one operation of training that is worth an engine. Never
 * of transposed matrices, which TensorFlow.js on WASM multiplies ten times slower; callers transpose small ones first.
 * The result [m, n] is the caller's.
 */
export type Product = (
  a: Float32Array,
  b: Float32Array,
  m: number,
  k: number,
  n: number,
) => Promise<Float32Array<ArrayBuffer>>;

/** Without an engine: float64 sums, each rounded once. */
export const plainProduct: Product = async (a, b, m, k, n) => {
  const product = new Float32Array(m * n);
  multiply(transpose(b, k, n), a, k, 0, m, product);
  return product;
};

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
