import { countRows } from '../math/vectors.ts';

/** An image whose label the others contradict. */
export interface Suspect {
  readonly row: number;
  /** The class that they say. */
  readonly suggested: number;
  /** p(suggested | x) − p(label | x), as learned from all images but x: between 0 and 1. */
  readonly score: number;
}

/**
 * What is added to the squared lengths along each component, in rows of length 1: half an image, so that directions in which
 * next to nothing lies decide nothing. Between 0.1 and 2 little changes.
 */
const RIDGE = 0.5;
/** An image that decides nearly alone what is learned of it has no others to be judged by. */
const MOST_LEVERAGE = 0.999;
/** Rows between two steps. */
const ROWS_A_STEP = 256;

/**
 * Images that are likely to be labelled wrongly, the likeliest first: a linear classifier is fitted by least squares to the
 * classes, and each image is judged by the one of all others. That is exact and costs no second fit (leave-one-out of regularised
 * least squares: Rifkin & Lippert 2007), and near-copies of one image can do no more than each say its own label. Images are ranked by the margin
 * between the class that it prefers and their own (compare Northcutt, Jiang & Chuang 2021, confident learning).
 *
 * `places` [n, dimensions] are coordinates of unit rows, few enough for a matrix of dimensions² (principal components);
 * `labels` [n] class numbers below `classes`, −1 where unknown, which neither teach nor are suspect. Yields the share that is done.
 * Throws AppError 'bad-argument' on shapes that do not fit.
 */
export function* wrongLabels(
  places: Float32Array,
  dimensions: number,
  labels: Int32Array,
  classes: number,
): Generator<number, Suspect[]> {
  const n = countRows(places, dimensions);
  const known = [...labels.keys()].filter((row) => row < n && (labels[row] as number) >= 0);
  if (known.length < 2) return [];
  const rows = centred(places, dimensions, known);
  const shares = new Float64Array(classes);
  for (const row of known) add(shares, labels[row] as number, 1 / known.length);
  const gram = new Float64Array(dimensions * dimensions);
  const sums = new Float64Array(classes * dimensions);
  for (let at = 0; at < known.length; at++) {
    const row = rows.subarray(at * dimensions, (at + 1) * dimensions);
    const label = labels[known[at] as number] as number;
    for (let i = 0; i < dimensions; i++) {
      const value = row[i] as number;
      add(sums, label * dimensions + i, value);
      for (let j = 0; j <= i; j++) add(gram, i * dimensions + j, value * (row[j] as number));
    }
    if (at % ROWS_A_STEP === 0) yield (0.5 * at) / known.length;
  }
  for (let i = 0; i < dimensions; i++) add(gram, i * dimensions + i, RIDGE);
  const factor = choleskyInPlace(gram, dimensions);
  // Rows are centred, and so the sums of a class less its share of all are these sums.
  for (let label = 0; label < classes; label++) {
    solveInPlace(factor, dimensions, sums.subarray(label * dimensions, (label + 1) * dimensions));
  }
  const suspects: Suspect[] = [];
  const solved = new Float64Array(dimensions);
  for (let at = 0; at < known.length; at++) {
    const row = rows.subarray(at * dimensions, (at + 1) * dimensions);
    forwardInPlace(factor, dimensions, copied(row, solved));
    const leverage = 1 / known.length + squares(solved);
    const number = known[at] as number;
    const label = labels[number] as number;
    const suspect = leverage < MOST_LEVERAGE ? judge(row, label, leverage, shares, sums) : null;
    if (suspect) suspects.push({ row: number, ...suspect });
    if (at % ROWS_A_STEP === 0) yield 0.5 + (0.5 * at) / known.length;
  }
  suspects.sort((one, other) => other.score - one.score || one.row - other.row);
  return suspects.map((one) => ({ ...one, score: Math.min(1, one.score) }));
}

/** What all others say of a row whose label they contradict; null where they agree with it. */
function judge(
  row: Float64Array,
  label: number,
  leverage: number,
  shares: Float64Array,
  weights: Float64Array,
): Omit<Suspect, 'row'> | null {
  const dimensions = row.length;
  let suggested = -1;
  let most = Number.NEGATIVE_INFINITY;
  let own = 0;
  for (let c = 0; c < shares.length; c++) {
    let fitted = shares[c] as number;
    for (let d = 0; d < dimensions; d++) fitted += (row[d] as number) * (weights[c * dimensions + d] as number);
    const without = (fitted - (c === label ? leverage : 0)) / (1 - leverage);
    if (c === label) own = without;
    else if (without > most) [suggested, most] = [c, without];
  }
  return suggested >= 0 && most > own ? { suggested, score: most - own } : null;
}

/** The rows of some numbers less their mean, in float64. */
function centred(places: Float32Array, dimensions: number, numbers: readonly number[]): Float64Array {
  const rows = new Float64Array(numbers.length * dimensions);
  const mean = new Float64Array(dimensions);
  numbers.forEach((number, at) => {
    for (let d = 0; d < dimensions; d++) {
      const value = places[number * dimensions + d] as number;
      rows[at * dimensions + d] = value;
      add(mean, d, value / numbers.length);
    }
  });
  for (let at = 0; at < rows.length; at++) add(rows, at, -(mean[at % dimensions] as number));
  return rows;
}

/** The lower triangle L of a symmetric matrix L·Lᵀ, of which the lower triangle is given (Golub & Van Loan, 4.2). */
function choleskyInPlace(matrix: Float64Array, n: number): Float64Array {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = matrix[i * n + j] as number;
      for (let k = 0; k < j; k++) sum -= (matrix[i * n + k] as number) * (matrix[j * n + k] as number);
      matrix[i * n + j] = i === j ? Math.sqrt(sum) : sum / (matrix[j * n + j] as number);
    }
  }
  return matrix;
}

function solveInPlace(factor: Float64Array, n: number, vector: Float64Array): void {
  forwardInPlace(factor, n, vector);
  for (let i = n - 1; i >= 0; i--) {
    let sum = vector[i] as number;
    for (let k = i + 1; k < n; k++) sum -= (factor[k * n + i] as number) * (vector[k] as number);
    vector[i] = sum / (factor[i * n + i] as number);
  }
}

function forwardInPlace(factor: Float64Array, n: number, vector: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = vector[i] as number;
    for (let k = 0; k < i; k++) sum -= (factor[i * n + k] as number) * (vector[k] as number);
    vector[i] = sum / (factor[i * n + i] as number);
  }
}

function copied(from: Float64Array, into: Float64Array): Float64Array {
  into.set(from);
  return into;
}

function squares(vector: Float64Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return sum;
}

function add(values: Float64Array, at: number, value: number): void {
  values[at] = (values[at] as number) + value;
}
