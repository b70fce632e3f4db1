import { seededRandom } from '../../src/math/random.ts';
import { normaliseRows } from '../../src/math/vectors.ts';

/** Standard deviations of the dimensions fall by this power, as the spectra of networks' features do. */
const FALL = 0.7;

/**
 * Unit rows around `classes` random directions, a class after another, as galleries of photos lie. `spread` is a
 * row's distance from its class's direction, which has length 1.
 */
export function clusters(
  rows: number,
  dimensions: number,
  { classes = 40, spread = 0.7, seed = 0 }: { classes?: number; spread?: number; seed?: number } = {},
): Float32Array<ArrayBuffer> {
  const scale = 1 / Math.sqrt(dimensions);
  const centre = seededRandom(99);
  const centres = Float32Array.from({ length: classes * dimensions }, () => centre.gaussian() * scale);
  const random = seededRandom(seed, 1);
  const matrix = new Float32Array(rows * dimensions);
  for (let row = 0; row < rows; row++) {
    const start = Math.floor((row * classes) / rows) * dimensions;
    for (let i = 0; i < dimensions; i++) {
      matrix[row * dimensions + i] = (centres[start + i] ?? 0) + random.gaussian() * scale * spread;
    }
  }
  return normaliseRows(matrix, dimensions);
}

/**
 * Unit rows as networks give them: 100 classes in 10 groups, and a variance that falls from dimension to dimension, so that the first
 * components hold most of it.
 */
export function gradedClusters(rows: number, dimensions: number): Float32Array<ArrayBuffer> {
  const [groups, classes] = [10, 100];
  const scales = Float32Array.from({ length: dimensions }, (_, i) => 1 / (1 + i) ** FALL);
  const centre = seededRandom(99);
  const drawn = (count: number) => Float32Array.from({ length: count * dimensions }, () => centre.gaussian());
  const [ofGroups, ofClasses] = [drawn(groups), drawn(classes)];
  const random = seededRandom(0, 1);
  const matrix = new Float32Array(rows * dimensions);
  for (let row = 0; row < rows; row++) {
    const own = Math.floor((row * classes) / rows);
    const group = Math.floor((own * groups) / classes);
    for (let i = 0; i < dimensions; i++) {
      const middle = (ofGroups[group * dimensions + i] ?? 0) + (ofClasses[own * dimensions + i] ?? 0);
      matrix[row * dimensions + i] = (scales[i] ?? 0) * (middle + random.gaussian());
    }
  }
  return normaliseRows(matrix, dimensions);
}
