import { type Random, seededRandom } from './random.ts';
import { countRows } from './vectors.ts';

/** Centres of more rows are found among this many of them, at even distances; then every row goes to its nearest. */
const MOST_ROWS = 10_000;
/** Starts from other centres: the best of them is taken, since one may end in a poor corner. */
const STARTS = 4;
const MOST_ROUNDS = 40;

export interface Clusters {
  /** Each row's cluster, counted from 0: the largest first; among equals, the one whose first row comes first. */
  readonly of: Int32Array<ArrayBuffer>;
  /** How many there are: fewer than asked for where there are fewer different rows. */
  readonly count: number;
}

/**
 * Spherical k-means (Dhillon & Modha 2001) over `vectors` [n, dimensions], unit rows: centres are unit vectors, and a row
 * belongs to the one that it has the largest cosine to. Starts by greedy k-means++ (Arthur & Vassilvitskii 2007), four times; of
 * more than 10,000 rows, centres come from a part of them. Equal input and seed give equal clusters. Yields the share that
 * is done; the caller owns what is returned. Throws AppError 'bad-argument' on shapes that do not fit.
 */
export function* kMeans(
  vectors: Float32Array,
  dimensions: number,
  k: number,
  seed: number,
): Generator<number, Clusters> {
  const n = countRows(vectors, dimensions);
  const some = sampleOf(vectors, dimensions, n);
  let best = { centres: new Float32Array(0), closeness: Number.NEGATIVE_INFINITY };
  for (let start = 0; start < STARTS; start++) {
    let centres = firstCentres(some, dimensions, k, seededRandom(seed, 3 + start));
    let before = Number.NEGATIVE_INFINITY;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const { of, closeness } = assigned(some, dimensions, centres);
      yield (start + (round + 1) / MOST_ROUNDS) / (STARTS + 1);
      // It never falls, so that it ends.
      if (closeness <= before + 1e-9 * Math.abs(closeness)) break;
      before = closeness;
      centres = means(some, dimensions, of, centres);
    }
    if (before > best.closeness) best = { centres, closeness: before };
  }
  return numbered(assigned(vectors, dimensions, best.centres).of);
}

function sampleOf(vectors: Float32Array, dimensions: number, n: number): Float32Array {
  if (n <= MOST_ROWS) return vectors;
  const some = new Float32Array(MOST_ROWS * dimensions);
  for (let row = 0; row < MOST_ROWS; row++) {
    const from = Math.floor((row * n) / MOST_ROWS) * dimensions;
    some.set(vectors.subarray(from, from + dimensions), row * dimensions);
  }
  return some;
}

/**
 * Greedy k-means++: each next centre is the best of some rows, drawn the likelier the farther they lie from the centres
 * there are. Fewer where no row lies off them.
 */
function firstCentres(vectors: Float32Array, dimensions: number, k: number, random: Random): Float32Array<ArrayBuffer> {
  const n = vectors.length / dimensions;
  const centres = new Float32Array(Math.min(k, n) * dimensions);
  const tries = 2 + Math.floor(Math.log(k));
  /** 1 − cosine to the nearest centre. */
  let distances: Float64Array = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  let sum = Number.POSITIVE_INFINITY;
  let count = 0;
  while (count * dimensions < centres.length && sum > 0) {
    let best: { readonly row: number; readonly sum: number; readonly distances: Float64Array } | null = null;
    for (let i = 0; i < (count === 0 ? 1 : tries); i++) {
      const row = count === 0 ? random.below(n) : drawn(distances, sum, random);
      const after = withCentre(vectors, dimensions, row, distances);
      if (best === null || after.sum < best.sum) best = { row, ...after };
    }
    if (best === null) break;
    const from = best.row * dimensions;
    centres.set(vectors.subarray(from, from + dimensions), count * dimensions);
    count += 1;
    ({ distances, sum } = best);
  }
  return centres.slice(0, count * dimensions);
}

/** Distances to the nearest centre where this row is one more. */
function withCentre(vectors: Float32Array, dimensions: number, row: number, before: Float64Array) {
  let sum = 0;
  const distances = before.map((known, other) => {
    const distance = 1 - cosine(vectors, other * dimensions, vectors, row * dimensions, dimensions);
    // Rounding parts no equals.
    const kept = Math.min(known, distance < 1e-6 ? 0 : distance);
    sum += kept;
    return kept;
  });
  return { distances, sum };
}

/** A row by its share of the sum, which is above 0. */
function drawn(weights: Float64Array, sum: number, random: Random): number {
  let left = random.uniform() * sum;
  let last = 0;
  for (let row = 0; row < weights.length; row++) {
    const weight = weights[row] as number;
    if (weight === 0) continue;
    last = row;
    left -= weight;
    if (left < 0) break;
  }
  return last;
}

/** Each row's nearest centre, the first of equals, and the mean cosine to it. */
function assigned(
  vectors: Float32Array,
  dimensions: number,
  centres: Float32Array,
): { of: Int32Array<ArrayBuffer>; closeness: number } {
  const n = vectors.length / dimensions;
  const of = new Int32Array(n);
  let sum = 0;
  for (let row = 0; row < n; row++) {
    let nearest = Number.NEGATIVE_INFINITY;
    for (let centre = 0; centre * dimensions < centres.length; centre++) {
      const near = cosine(vectors, row * dimensions, centres, centre * dimensions, dimensions);
      if (near <= nearest) continue;
      nearest = near;
      of[row] = centre;
    }
    sum += nearest;
  }
  return { of, closeness: sum / n };
}

/** The direction of the sum of each cluster's rows; an empty one keeps its centre. */
function means(
  vectors: Float32Array,
  dimensions: number,
  of: Int32Array,
  before: Float32Array,
): Float32Array<ArrayBuffer> {
  const sums = new Float64Array(before.length);
  for (let row = 0; row < of.length; row++) {
    const start = (of[row] as number) * dimensions;
    for (let d = 0; d < dimensions; d++) {
      sums[start + d] = (sums[start + d] as number) + (vectors[row * dimensions + d] as number);
    }
  }
  const centres = new Float32Array(before);
  for (let start = 0; start < sums.length; start += dimensions) {
    const length = Math.hypot(...sums.subarray(start, start + dimensions));
    if (length === 0) continue;
    for (let d = 0; d < dimensions; d++) centres[start + d] = (sums[start + d] as number) / length;
  }
  return centres;
}

function numbered(of: Int32Array): Clusters {
  const sizes = new Map<number, number>();
  // In the order of their first rows, which a stable sort keeps among equals.
  for (const cluster of of) sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1);
  const order = [...sizes].sort(([, a], [, b]) => b - a).map(([cluster]) => cluster);
  const number = new Map(order.map((cluster, i) => [cluster, i]));
  return { of: Int32Array.from(of, (cluster) => number.get(cluster) ?? 0), count: order.length };
}

function cosine(a: Float32Array, from: number, b: Float32Array, other: number, dimensions: number): number {
  let sum = 0;
  for (let d = 0; d < dimensions; d++) sum += (a[from + d] as number) * (b[other + d] as number);
  return sum;
}
