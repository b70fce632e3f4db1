import { AppError } from '../errors.ts';

export interface Eigen {
  /** Eigenvalues, largest first. */
  readonly values: Float64Array;
  /** Row-major [n, n]: row i is the unit eigenvector of values[i]. */
  readonly vectors: Float64Array;
}

/** Small matrices are diagonal after 5 to 10 sweeps; more means that they hold something that is no number. */
const MOST_SWEEPS = 60;

/**
 * Eigenvalues and eigenvectors of a small symmetric matrix [n, n] by cyclic Jacobi rotations (Golub & Van Loan, Matrix
 * Computations, 8.5), accurate to rounding; `matrix` is left as it is. Each vector's entry of largest size is
 * positive, so that equal matrices give equal signs. Throws AppError 'bad-argument' where the shape does not fit.
 */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  if (matrix.length !== n * n) {
    throw new AppError('bad-argument', `${matrix.length} numbers are no square matrix with ${n} rows.`);
  }
  const a = matrix.slice();
  const rotated = new Float64Array(n * n);
  for (let i = 0; i < n; i++) rotated[i * n + i] = 1;
  for (let sweep = 0; sweep < MOST_SWEEPS && offDiagonal(a, n) > 0; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) rotate(a, rotated, n, p, q);
    }
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => at(a, n, j, j) - at(a, n, i, i));
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => {
    for (let i = 0; i < n; i++) vectors[to * n + i] = at(rotated, n, i, from);
    fixSign(vectors.subarray(to * n, (to + 1) * n));
  });
  return { values: Float64Array.from(order, (i) => at(a, n, i, i)), vectors };
}

/** Turns a vector, in place, so that its entry of largest size (the first of equals) is positive. */
export function fixSign(vector: Float64Array): void {
  let largest = 0;
  for (const value of vector) if (Math.abs(value) > Math.abs(largest)) largest = value;
  if (largest < 0) for (let i = 0; i < vector.length; i++) vector[i] = -(vector[i] as number);
}

const at = (matrix: Float64Array, n: number, i: number, j: number): number => matrix[i * n + j] as number;

/** What is left beside the diagonal, 0 once it is lost in rounding. */
function offDiagonal(a: Float64Array, n: number): number {
  let off = 0;
  let all = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const square = at(a, n, i, j) ** 2;
      all += square;
      if (i !== j) off += square;
    }
  }
  return off > all * Number.EPSILON ** 2 ? off : 0;
}

/** One rotation of rows and columns p and q that makes a[p, q] zero. */
function rotate(a: Float64Array, rotated: Float64Array, n: number, p: number, q: number): void {
  const apq = at(a, n, p, q);
  if (apq === 0) return;
  const theta = (at(a, n, q, q) - at(a, n, p, p)) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let i = 0; i < n; i++) turn(a, i * n + p, i * n + q, c, s);
  for (let i = 0; i < n; i++) turn(a, p * n + i, q * n + i, c, s);
  for (let i = 0; i < n; i++) turn(rotated, i * n + p, i * n + q, c, s);
}

function turn(values: Float64Array, first: number, second: number, c: number, s: number): void {
  const x = values[first] as number;
  const y = values[second] as number;
  values[first] = c * x - s * y;
  values[second] = s * x + c * y;
}
