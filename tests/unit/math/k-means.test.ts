import { describe, expect, it } from 'vitest';
import { clusters } from '../../../scripts/bench/clusters.ts';
import { kMeans } from '../../../src/math/k-means.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { finish } from './finish.ts';

const D = 24;
const found = (vectors: Float32Array, k: number, seed = 0) => finish(kMeans(vectors, D, k, seed)).result;

/** The rows in another order. */
function reordered(vectors: Float32Array, order: Int32Array): Float32Array {
  return Float32Array.from({ length: vectors.length }, (_, i) => {
    const row = order[Math.floor(i / D)] ?? 0;
    return vectors[row * D + (i % D)] ?? 0;
  });
}

/** Pairs of rows that are together in one and apart in the other. */
function differing(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let count = 0;
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) if ((a[i] === a[j]) !== (b[i] === b[j])) count += 1;
  }
  return count;
}

describe('kMeans', () => {
  it('finds the groups that there are, whatever the order of the rows: only their numbers may change', () => {
    const [rows, classes] = [180, 6];
    const vectors = clusters(rows, D, { classes, spread: 0.5 });
    const truth = Int32Array.from({ length: rows }, (_, row) => Math.floor((row * classes) / rows));
    expect(differing(found(vectors, classes).of, truth)).toBe(0);
    for (const seed of [1, 2, 3]) {
      const order = seededRandom(seed).shuffle(Int32Array.from(truth, (_, row) => row));
      const { of, count } = found(reordered(vectors, order), classes, seed);
      expect(count).toBe(classes);
      expect(
        differing(
          of,
          order.map((row) => truth[row] ?? 0),
        ),
      ).toBe(0);
    }
  });

  it('gives the same for the same seed, and puts every row to its nearest centre', () => {
    const vectors = clusters(300, D, { classes: 1, spread: 1.5 });
    const { of, count } = found(vectors, 7, 4);
    expect(found(vectors, 7, 4).of).toEqual(of);
    expect(count).toBe(7);
    const centres = Array.from({ length: count }, (_, cluster) => {
      const sum = new Float64Array(D);
      for (let i = 0; i < vectors.length; i++) {
        if (of[Math.floor(i / D)] === cluster) sum[i % D] = (sum[i % D] ?? 0) + (vectors[i] ?? 0);
      }
      const length = Math.hypot(...sum);
      return sum.map((value) => value / length);
    });
    of.forEach((own, row) => {
      const cosines = centres.map((centre) =>
        centre.reduce((sum, value, d) => sum + value * (vectors[row * D + d] ?? 0), 0),
      );
      expect(cosines[own]).toBeGreaterThan(Math.max(...cosines) - 1e-4);
    });
  });

  it('numbers clusters by their size, and makes no more of them than there are different rows', () => {
    const one = clusters(3, D, { classes: 3 });
    const repeated = Float32Array.from({ length: 12 * D }, (_, i) => {
      const row = Math.floor(i / D);
      return one[(row < 2 ? 0 : row < 5 ? 1 : 2) * D + (i % D)] ?? 0;
    });
    expect(found(repeated, 8)).toEqual({ of: Int32Array.of(2, 2, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0), count: 3 });
    expect(found(one.slice(0, D), 5)).toEqual({ of: Int32Array.of(0), count: 1 });
  });
});
