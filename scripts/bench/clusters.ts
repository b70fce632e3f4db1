import { seededRandom } from '../../src/math/random.ts';
import { normaliseRows } from '../../src/math/vectors.ts';

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
