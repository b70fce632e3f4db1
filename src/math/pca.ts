import { AppError } from '../errors.ts';
import { seededRandom } from './random.ts';
import { fixSign, symmetricEigen } from './symmetric-eigen.ts';
import { countRows } from './vectors.ts';

export interface PrincipalComponents {
  /** Row-major [n, count]: the rows' places along the components, as far from the mean as in the full space. */
  readonly coordinates: Float32Array<ArrayBuffer>;
  /** Variance (divided by n) along each component, largest first. */
  readonly variances: Float64Array;
  /** Variance of all dimensions together: variances[0] / total is the share that the first component explains. */
  readonly total: number;
}

/** Directions followed beside those asked for: the subspace then converges by the gap behind them (Halko et al. 2011). */
const OVERSAMPLING = 6;
/** Ends the iteration: relative change of the variances asked for from one pass to the next. */
const TOLERANCE = 1e-7;
/** A spectrum without a gap never converges: after this many passes no direction in its plane is better than another. */
const MOST_PASSES = 60;
/** The directions of more rows are those of this many of them, at even distances: no direction that many lie along is missed. */
const MOST_ROWS = 5_000;
/** Multiply-adds between two chances to stop: about 20 ms. */
const PRODUCTS_PER_STEP = 2e7;

/**
 * The first `count` principal components of `matrix` [n, dimensions] by randomised subspace iteration on the covariance,
 * which is never formed: one pass over the rows multiplies a block of directions by it (Halko, Martinsson & Tropp 2011).
 * The directions of more than 5,000 rows come from a part of them. In float64; the sign of each component makes its largest
 * entry positive, so equal input and seed give equal output. `passes`: the most passes over the rows; few give a good plane, if
 * not the best. Yields the passes done, a part of one included; to find the places along
 * the components is one more. The caller owns what is returned. Throws AppError 'bad-argument' on shapes that do not fit.
 */
export function* principalComponents(
  matrix: Float32Array,
  dimensions: number,
  count: number,
  seed: number,
  passes = MOST_PASSES,
): Generator<number, PrincipalComponents> {
  const rows = countRows(matrix, dimensions);
  if (rows === 0) throw new AppError('bad-argument', 'Without any row there are no principal components.');
  const mean = meanOf(matrix, dimensions);
  const width = Math.min(dimensions, count + OVERSAMPLING);
  const random = seededRandom(seed);
  let basis = orthonormal(
    Float64Array.from({ length: width * dimensions }, () => random.gaussian()),
    dimensions,
  );
  let known = Number.POSITIVE_INFINITY;
  for (let pass = 1; ; pass++) {
    const image = yield* timesCovariance(matrix, mean, basis, pass - 1);
    const { values, vectors } = symmetricEigen(products(basis, image.product, dimensions), width);
    const found = values.slice(0, count).reduce((sum, value) => sum + value, 0);
    if (Math.abs(found - known) <= TOLERANCE * found || pass >= passes) {
      const directions = combined(vectors, basis, dimensions, Math.min(count, width));
      const variances = new Float64Array(count);
      variances.set(values.slice(0, count).map((value) => Math.max(0, value)));
      const places = projected(matrix, mean, directions, count);
      for (;;) {
        const step = places.next();
        if (step.done) return { coordinates: step.value, variances, total: image.total };
        yield pass + step.value;
      }
    }
    known = found;
    basis = orthonormal(image.product, dimensions);
  }
}

function meanOf(matrix: Float32Array, dimensions: number): Float64Array {
  const mean = new Float64Array(dimensions);
  const rows = matrix.length / dimensions;
  for (let i = 0; i < matrix.length; i += dimensions) {
    for (let d = 0; d < dimensions; d++) mean[d] = (mean[d] as number) + (matrix[i + d] as number) / rows;
  }
  return mean;
}

/** Rows that are multiplied together: each number of the basis is read once for all of them. */
const TOGETHER = 4;

/** Covariance × each row of `basis` [width, dimensions]; and the covariance's trace. */
function* timesCovariance(
  matrix: Float32Array,
  mean: Float64Array,
  basis: Float64Array,
  passesBefore: number,
): Generator<number, { product: Float64Array; total: number }> {
  const dimensions = mean.length;
  const all = matrix.length / dimensions;
  const rows = Math.min(all, MOST_ROWS);
  const product = new Float64Array(basis.length);
  // Rows that there are not lie at the mean, and add nothing.
  const centred = Array.from({ length: TOGETHER }, () => new Float64Array(dimensions));
  const [c0, c1, c2, c3] = centred as [Float64Array, Float64Array, Float64Array, Float64Array];
  const step = TOGETHER * Math.max(1, Math.floor(PRODUCTS_PER_STEP / (2 * TOGETHER * basis.length)));
  let total = 0;
  for (let row = 0; row < rows; row += TOGETHER) {
    if (row % step === 0) yield passesBefore + row / rows;
    centred.forEach((one, i) => {
      if (row + i >= rows) {
        one.fill(0);
        return;
      }
      const from = Math.floor(((row + i) * all) / rows) * dimensions;
      for (let d = 0; d < dimensions; d++) {
        const value = (matrix[from + d] as number) - (mean[d] as number);
        one[d] = value;
        total += value * value;
      }
    });
    for (let start = 0; start < basis.length; start += dimensions) {
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let d = 0; d < dimensions; d++) {
        const b = basis[start + d] as number;
        s0 += b * (c0[d] as number);
        s1 += b * (c1[d] as number);
        s2 += b * (c2[d] as number);
        s3 += b * (c3[d] as number);
      }
      for (let d = 0; d < dimensions; d++) {
        product[start + d] =
          (product[start + d] as number) +
          s0 * (c0[d] as number) +
          s1 * (c1[d] as number) +
          s2 * (c2[d] as number) +
          s3 * (c3[d] as number);
      }
    }
  }
  for (let i = 0; i < product.length; i++) product[i] = (product[i] as number) / rows;
  return { product, total: total / rows };
}

function inner(a: Float64Array, aStart: number, b: Float64Array, bStart: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += (a[aStart + i] as number) * (b[bStart + i] as number);
  return sum;
}

/** Orthonormal rows of the same span, in place (Gram–Schmidt, twice: once loses half the digits); a row without a direction of its own becomes 0. */
function orthonormal(vectors: Float64Array, dimensions: number): Float64Array {
  for (let start = 0; start < vectors.length; start += dimensions) {
    const before = Math.sqrt(inner(vectors, start, vectors, start, dimensions));
    for (let round = 0; round < 2; round++) {
      for (let other = 0; other < start; other += dimensions) {
        const along = inner(vectors, start, vectors, other, dimensions);
        for (let d = 0; d < dimensions; d++) {
          vectors[start + d] = (vectors[start + d] as number) - along * (vectors[other + d] as number);
        }
      }
    }
    const length = Math.sqrt(inner(vectors, start, vectors, start, dimensions));
    const scale = length > before * 1e-10 ? 1 / length : 0;
    for (let d = 0; d < dimensions; d++) vectors[start + d] = (vectors[start + d] as number) * scale;
  }
  return vectors;
}

/** a · bᵀ, [width, width]. */
function products(a: Float64Array, b: Float64Array, dimensions: number): Float64Array {
  const width = a.length / dimensions;
  return Float64Array.from({ length: width * width }, (_, at) =>
    inner(a, Math.floor(at / width) * dimensions, b, (at % width) * dimensions, dimensions),
  );
}

/** The first `count` rows of vectors · basis: directions in the full space. */
function combined(vectors: Float64Array, basis: Float64Array, dimensions: number, count: number): Float64Array {
  const width = basis.length / dimensions;
  const directions = new Float64Array(count * dimensions);
  for (let c = 0; c < count; c++) {
    for (let w = 0; w < width; w++) {
      const weight = vectors[c * width + w] as number;
      for (let d = 0; d < dimensions; d++) {
        const at = c * dimensions + d;
        directions[at] = (directions[at] as number) + weight * (basis[w * dimensions + d] as number);
      }
    }
    fixSign(directions.subarray(c * dimensions, (c + 1) * dimensions));
  }
  return directions;
}

/** Places along the directions, four of which are followed at a time. Yields the share that is done. */
function* projected(
  matrix: Float32Array,
  mean: Float64Array,
  directions: Float64Array,
  count: number,
): Generator<number, Float32Array<ArrayBuffer>> {
  const dimensions = mean.length;
  const rows = matrix.length / dimensions;
  const coordinates = new Float32Array(rows * count);
  const found = directions.length / dimensions;
  // Directions that there are not have no length.
  const padded = new Float64Array(Math.ceil(found / TOGETHER) * TOGETHER * dimensions);
  padded.set(directions);
  const centred = new Float64Array(dimensions);
  const step = Math.max(1, Math.floor(PRODUCTS_PER_STEP / padded.length));
  for (let row = 0; row < rows; row++) {
    if (row % step === 0) yield row / rows;
    for (let d = 0; d < dimensions; d++) {
      centred[d] = (matrix[row * dimensions + d] as number) - (mean[d] as number);
    }
    for (let c = 0; c < found; c += TOGETHER) {
      const [d0, d1, d2, d3] = [0, 1, 2, 3].map((i) => (c + i) * dimensions) as [number, number, number, number];
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let d = 0; d < dimensions; d++) {
        const value = centred[d] as number;
        s0 += value * (padded[d0 + d] as number);
        s1 += value * (padded[d1 + d] as number);
        s2 += value * (padded[d2 + d] as number);
        s3 += value * (padded[d3 + d] as number);
      }
      const at = row * count + c;
      coordinates[at] = s0;
      if (c + 1 < found) coordinates[at + 1] = s1;
      if (c + 2 < found) coordinates[at + 2] = s2;
      if (c + 3 < found) coordinates[at + 3] = s3;
    }
  }
  return coordinates;
}
