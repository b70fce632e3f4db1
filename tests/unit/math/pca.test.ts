import { describe, expect, it } from 'vitest';
import { principalComponents } from '../../../src/math/pca.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { fixSign, symmetricEigen } from '../../../src/math/symmetric-eigen.ts';
import { finish } from './finish.ts';

const column = (values: Float32Array, c: number) => [...values].filter((_, i) => i % 2 === c);
const pca = (matrix: Float32Array, dimensions: number, count = 2, seed = 0) =>
  finish(principalComponents(matrix, dimensions, count, seed)).result;

describe('principalComponents', () => {
  it('finds the axes of points that lie on a cross, away from the origin', () => {
    // ±3 along (1, 1)/√2 and ±1 along (1, −1)/√2, about the point (10, 20).
    const h = Math.SQRT1_2;
    const points = [
      [10 + 3 * h, 20 + 3 * h],
      [10 - 3 * h, 20 - 3 * h],
      [10 + h, 20 - h],
      [10 - h, 20 + h],
    ];
    const { coordinates, variances, total } = pca(Float32Array.from(points.flat()), 2);
    expect(variances[0]).toBeCloseTo(18 / 4, 5);
    expect(variances[1]).toBeCloseTo(2 / 4, 5);
    expect(total).toBeCloseTo(20 / 4, 5);
    const first = column(coordinates, 0);
    [3, -3, 0, 0].forEach((value, i) => {
      expect(first[i]).toBeCloseTo(value, 4);
    });
    // Among entries of one size, the first is positive: but which is larger is rounding here, so the sign is left open.
    const second = column(coordinates, 1);
    expect(Math.abs(second[2] ?? 0)).toBeCloseTo(1, 4);
    expect(second[3]).toBeCloseTo(-(second[2] ?? 0), 4);
  });

  it('agrees with the eigenvectors of the whole covariance matrix', () => {
    const n = 300;
    const d = 12;
    const random = seededRandom(5);
    const mixing = Float64Array.from({ length: d * d }, () => random.gaussian());
    const matrix = new Float32Array(n * d);
    for (let row = 0; row < n; row++) {
      const source = Float64Array.from({ length: d }, (_, i) => random.gaussian() * 0.8 ** i);
      for (let i = 0; i < d; i++) {
        matrix[row * d + i] = 7 + source.reduce((sum, value, j) => sum + value * (mixing[i * d + j] ?? 0), 0);
      }
    }
    const mean = Array.from({ length: d }, (_, i) => matrix.reduce((s, v, at) => (at % d === i ? s + v / n : s), 0));
    const covariance = Float64Array.from({ length: d * d }, (_, at) => {
      let sum = 0;
      for (let row = 0; row < n; row++) {
        const [i, j] = [Math.floor(at / d), at % d];
        sum += ((matrix[row * d + i] ?? 0) - (mean[i] ?? 0)) * ((matrix[row * d + j] ?? 0) - (mean[j] ?? 0));
      }
      return sum / n;
    });
    const truth = symmetricEigen(covariance, d);
    const { coordinates, variances, total } = pca(matrix, d);
    expect(total).toBeCloseTo(
      covariance.reduce((sum, value, at) => (at % (d + 1) === 0 ? sum + value : sum), 0),
      6,
    );
    for (const c of [0, 1]) {
      expect(variances[c]).toBeCloseTo(truth.values[c] ?? 0, 4);
      for (let row = 0; row < n; row++) {
        let along = 0;
        for (let i = 0; i < d; i++)
          along += (truth.vectors[c * d + i] ?? 0) * ((matrix[row * d + i] ?? 0) - (mean[i] ?? 0));
        expect(coordinates[row * 2 + c]).toBeCloseTo(along, 2);
      }
    }
  });

  it('gives the same for the same seed, and the same plane for another', () => {
    const random = seededRandom(2);
    const matrix = Float32Array.from({ length: 200 * 30 }, (_, at) => random.gaussian() / (1 + (at % 30)));
    expect(pca(matrix, 30).coordinates).toEqual(pca(matrix, 30).coordinates);
    const other = pca(matrix, 30, 2, 9);
    pca(matrix, 30).coordinates.forEach((value, at) => {
      expect(value).toBeCloseTo(other.coordinates[at] ?? Number.NaN, 2);
    });
  });

  it('puts points without any variance into one place', () => {
    const { coordinates, variances } = pca(new Float32Array(20).fill(0.5), 4);
    expect([...coordinates].every((value) => Math.abs(value) < 1e-6)).toBe(true);
    expect([...variances]).toEqual([0, 0]);
  });

  it('leaves components that there are not at 0', () => {
    const { coordinates } = pca(Float32Array.of(1, 2, 6), 1);
    expect(column(coordinates, 1)).toEqual([0, 0, 0]);
    expect(column(coordinates, 0)).toEqual([-2, -1, 3]);
  });

  it('lets the caller stop within a pass over many rows', () => {
    const { reports } = finish(principalComponents(new Float32Array(4000 * 1024), 1024, 2, 0));
    expect(reports.filter((passes) => passes < 1).length).toBeGreaterThan(2);
    expect(() => finish(principalComponents(new Float32Array(0), 4, 2, 0))).toThrow('Without any row');
  });
});

describe('symmetricEigen', () => {
  it('takes apart what was put together', () => {
    const n = 9;
    const random = seededRandom(1);
    const half = Float64Array.from({ length: n * n }, () => random.gaussian());
    const matrix = half.map((value, at) => value + (half[(at % n) * n + Math.floor(at / n)] ?? 0));
    const { values, vectors } = symmetricEigen(matrix, n);
    expect([...values]).toEqual([...values].sort((a, b) => b - a));
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let e = 0; e < n; e++) sum += (values[e] ?? 0) * (vectors[e * n + i] ?? 0) * (vectors[e * n + j] ?? 0);
        expect(sum).toBeCloseTo(matrix[i * n + j] ?? 0, 10);
      }
    }
  });

  it('refuses what is not square, and fixes signs', () => {
    expect(() => symmetricEigen(new Float64Array(5), 2)).toThrow('no square matrix');
    const vector = Float64Array.of(1, -3, 2);
    fixSign(vector);
    expect([...vector]).toEqual([-1, 3, -2]);
  });
});
