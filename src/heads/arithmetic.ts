import { multiply } from '../math/similarity.ts';
import { type AdamRates, update } from './adam.ts';

/**
 * The operations of training that are worth an engine. All matrices are row-major. Results may lie in the engine's own
 * memory: they can be read and written until `release`, and must not be sent elsewhere.
 */
export interface Arithmetic {
  /** a [m, k] × b [k, n]. The result [m, n] is `into`, where one is given. */
  product(
    a: Float32Array,
    b: Float32Array,
    m: number,
    k: number,
    n: number,
    into?: Float32Array<ArrayBuffer>,
  ): Promise<Float32Array<ArrayBuffer>>;
  /** a [m, k] × bᵀ, of b [n, k]. */
  productTransposed(
    a: Float32Array,
    b: Float32Array,
    m: number,
    k: number,
    n: number,
  ): Promise<Float32Array<ArrayBuffer>>;
  /** `matrix` [rows, columns] as [columns, rows]. */
  transpose(matrix: Float32Array, rows: number, columns: number): Float32Array;
  /** As without an engine, below; `columns` is a multiple of 4. */
  directions(matrix: Float32Array, columns: number): Directions;
  /** As below; columns are a multiple of 4. */
  throughDirections(gradient: Float32Array, of: Directions): Float32Array<ArrayBuffer>;
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
  /** Nothing needs the results so far, whose place is taken by those that follow. */
  release(): void;
}

/**
 * Opens an arithmetic for one piece of work. `numbers`: how many, at most, its arrays, the results between two releases
 * and what one operation copies take together. Without it there is no bound, results are the caller's, and `array` must not
 * be called.
 */
export type OpenArithmetic = (numbers?: number) => Arithmetic;

/** Without an engine: float64 sums, each rounded once. Results are fresh. */
export const plainArithmetic: Arithmetic = {
  async product(a, b, m, k, n, into = new Float32Array(m * n)) {
    multiply(transpose(b, k, n), a, k, 0, m, into);
    return into;
  },
  async productTransposed(a, b, m, k, n) {
    const product = new Float32Array(m * n);
    multiply(b, a, k, 0, m, product);
    return product;
  },
  transpose,
  directions,
  throughDirections,
  update,
  array: (length) => new Float32Array(length),
  release: () => {},
};

/** `matrix` [rows, columns] as a fresh [columns, rows]. */
export function transpose(matrix: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer> {
  const transposed = new Float32Array(rows * columns);
  let to = 0;
  // Written in order: reading far apart is the cheaper of the two.
  for (let column = 0; column < columns; column++) {
    for (let from = column; from < matrix.length; from += columns) transposed[to++] = matrix[from] as number;
  }
  return transposed;
}

/** Below this a length counts as this: a vector of zeros has no direction. The value of torch's normalize. */
const LEAST_LENGTH = 1e-12;

/** Rows of a matrix [n, columns], each divided by its length, and the n lengths. */
export interface Directions {
  readonly unit: Float32Array;
  readonly lengths: Float32Array;
}

/** Directions of the rows of `matrix` [n, columns]. */
function directions(matrix: Float32Array, columns: number): Directions {
  const lengths = new Float32Array(matrix.length / columns);
  const unit = new Float32Array(matrix.length);
  for (let row = 0; row < lengths.length; row++) {
    let sum = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) sum += (matrix[i] as number) ** 2;
    const length = Math.max(Math.sqrt(sum), LEAST_LENGTH);
    lengths[row] = length;
    for (let i = row * columns; i < (row + 1) * columns; i++) unit[i] = (matrix[i] as number) / length;
  }
  return { unit, lengths };
}

/**
 * The gradient by rows v, given `gradient` [n, columns] by their directions u = v / |v|: what lies along u is lost,
 * (g − u (u·g)) / |v|.
 */
function throughDirections(gradient: Float32Array, { unit, lengths }: Directions): Float32Array<ArrayBuffer> {
  const columns = gradient.length / lengths.length;
  const result = new Float32Array(gradient.length);
  for (let row = 0; row < lengths.length; row++) {
    const start = row * columns;
    const end = start + columns;
    let along = 0;
    for (let i = start; i < end; i++) along += (gradient[i] as number) * (unit[i] as number);
    const ratio = 1 / (lengths[row] as number);
    for (let i = start; i < end; i++) result[i] = ratio * ((gradient[i] as number) - along * (unit[i] as number));
  }
  return result;
}
