import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/math/random.ts';
import { median, percentileInterval } from '../../../src/math/statistics.ts';
import {
  bootstrapIntervals,
  boundedMeanInterval,
  type Column,
  pairedDifference,
  uniformDifferenceInterval,
  verdictOf,
  wilsonInterval,
} from '../../../src/metrics/intervals.ts';

/** n queries of which a share of about p is a hit. */
function hits(n: number, p: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: n }, () => (random.uniform() < p ? 1 : 0));
}

const means = (...columns: readonly Float64Array[]): Column[] =>
  columns.map((values) => ({ values, aggregate: 'mean' }));

describe('wilsonInterval', () => {
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('gives the published interval of %i of %i (Newcombe 1998, table I, method 3)', (hits, n, low, high) => {
    expect(wilsonInterval(hits, n)).toEqual([expect.closeTo(low, 4), expect.closeTo(high, 4)]);
  });

  it('has a width where all or none succeed', () => {
    expect(wilsonInterval(52, 52)).toEqual([expect.closeTo(0.931, 3), 1]);
    expect(wilsonInterval(0, 10)[0]).toBe(0);
    expect(wilsonInterval(0, 10)[1]).toBeCloseTo(0.277533, 6);
    expect(wilsonInterval(10, 10)).toEqual([1 - wilsonInterval(0, 10)[1], 1].map((end) => expect.closeTo(end, 12)));
    expect(wilsonInterval(0, 0)).toEqual([0, 1]);
  });

  it('holds the share, within 0 and 1, and solves the score equation', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, part) => {
        const hits = Math.round(part * n);
        const share = hits / n;
        for (const end of wilsonInterval(hits, n)) {
          expect(end).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(1);
          // At an end p, the share lies z standard errors of p away.
          expect((share - end) ** 2).toBeCloseTo((1.959963984540054 ** 2 * end * (1 - end)) / n, 9);
        }
      }),
    );
  });
});

describe('boundedMeanInterval', () => {
  it('is Wilson’s of hits and misses with the same mean', () => {
    expect(boundedMeanInterval(0.25, 40)).toEqual(wilsonInterval(10, 40));
    expect(boundedMeanInterval(1, 52)).toEqual(wilsonInterval(52, 52));
  });

  it('is never narrower than the normal interval of the values that it stands for', () => {
    const random = seededRandom(4);
    for (let trial = 0; trial < 50; trial++) {
      const values = Float64Array.from({ length: 200 }, () => random.uniform() ** (trial % 5));
      const average = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length;
      const [low, high] = boundedMeanInterval(average, values.length);
      expect(high - low).toBeGreaterThan(2 * 1.9 * Math.sqrt(variance / values.length));
    }
  });
});

describe('uniformDifferenceInterval', () => {
  /** The score equation of a paired difference delta (Tango 1998): `won` and `lost` of n queries differ. */
  function statistic(won: number, lost: number, n: number, delta: number): number {
    const a = 2 * n;
    const b = -won - lost + (2 * n - won + lost) * delta;
    const c = -lost * delta * (1 - delta);
    const losing = (Math.sqrt(b ** 2 - 4 * a * c) - b) / (2 * a);
    return (won - lost - n * delta) / Math.sqrt(n * (2 * losing + delta * (1 - delta)));
  }

  it.each([1, 2, 10, 52, 1000])('solves Tango’s score equation for %i queries that all agree', (n) => {
    const [low, high] = uniformDifferenceInterval(0, n);
    expect(statistic(0, 0, n, high)).toBeCloseTo(-1.959963984540054, 6);
    expect(low).toBe(-high);
    const won = uniformDifferenceInterval(1, n);
    expect(statistic(n, 0, n, won[0])).toBeCloseTo(1.959963984540054, 6);
    expect(won[1]).toBe(1);
    expect(uniformDifferenceInterval(-1, n)).toEqual([-1, -won[0]].map((end) => expect.closeTo(end, 12)));
  });
});

describe('bootstrapIntervals', () => {
  it('agrees with the normal approximation where that is good', () => {
    const column = Float64Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? 1 : 0));
    const [[low, high] = [0, 0]] = bootstrapIntervals(means(column), { seed: 1 });
    const half = 1.96 * Math.sqrt((0.25 * 0.75) / 400);
    expect(Math.abs(low - (0.25 - half))).toBeLessThan(0.008);
    expect(Math.abs(high - (0.25 + half))).toBeLessThan(0.008);
  });

  it('covers the true share about 95 times in 100', () => {
    let covered = 0;
    for (let trial = 0; trial < 300; trial++) {
      const [[low, high] = [0, 0]] = bootstrapIntervals(means(hits(150, 0.6, trial)), { seed: trial, resamples: 300 });
      if (low <= 0.6 && 0.6 <= high) covered++;
    }
    expect(covered / 300).toBeGreaterThan(0.9);
    expect(covered / 300).toBeLessThan(0.99);
  });

  it('is seeded, and draws the same queries for every column', () => {
    const column = hits(50, 0.5, 2);
    const [a, b] = bootstrapIntervals(means(column, column), { seed: 3 });
    expect(a).toEqual(b);
    expect(bootstrapIntervals(means(column), { seed: 3 })).toEqual([a]);
    const wide = bootstrapIntervals(means(column), { seed: 3, level: 0.99 })[0] ?? [0, 0];
    expect(wide[1] - wide[0]).toBeGreaterThan((a?.[1] ?? 0) - (a?.[0] ?? 0));
  });

  it('takes the median of the drawn queries, as sorting them would', () => {
    const random = seededRandom(11);
    for (const n of [1, 2, 7, 40]) {
      const values = Float64Array.from({ length: n }, () => 1 + random.below(9));
      values[0] = Number.POSITIVE_INFINITY;
      const draws = seededRandom(5);
      const sorted = Float64Array.from({ length: 200 }, () =>
        median(Float64Array.from({ length: n }, () => values[draws.below(n)] ?? 0)),
      );
      expect(bootstrapIntervals([{ values, aggregate: 'median' }], { seed: 5, resamples: 200 })).toEqual([
        percentileInterval(sorted, 0.95),
      ]);
    }
  });

  it('refuses columns of different queries', () => {
    expect(() => bootstrapIntervals(means(new Float64Array(2), new Float64Array(3)), { seed: 0 })).toThrow(
      /same queries/,
    );
  });
});

describe('pairedDifference', () => {
  it('sees a small difference that unpaired intervals would hide', () => {
    const b = hits(300, 0.5, 7);
    // a is b, but for 15 misses turned into hits: 5 points.
    let turned = 0;
    const a = b.map((hit) => (hit === 0 && turned++ < 15 ? 1 : hit));
    const { difference, interval } = pairedDifference(a, b, 'mean', { seed: 0 });
    expect(difference).toBeCloseTo(0.05, 12);
    expect(interval[0]).toBeGreaterThan(0);
    const [[low, high] = [0, 0]] = bootstrapIntervals(means(a), { seed: 0 });
    expect(high - low).toBeGreaterThan(2 * (interval[1] - interval[0]));
    const back = pairedDifference(b, a, 'mean', { seed: 0 });
    expect(back.difference).toBeCloseTo(-0.05, 12);
    expect(back.interval[0]).toBeCloseTo(-interval[1], 12);
  });

  it('of medians is the difference of the medians, not the median of the differences', () => {
    const a = Float64Array.of(1, 2, 9);
    const b = Float64Array.of(3, 3, 3);
    expect(pairedDifference(a, b, 'median', { seed: 0 }).difference).toBe(-1);
    const never = new Float64Array(3).fill(Number.POSITIVE_INFINITY);
    expect(pairedDifference(never, never, 'median', { seed: 0 })).toEqual({ difference: 0, interval: [0, 0] });
  });

  it('claims no certainty where every query has the same difference', () => {
    const perfect = new Float64Array(52).fill(1);
    const { difference, interval } = pairedDifference(perfect, perfect, 'mean', { seed: 0 });
    expect(difference).toBe(0);
    expect(interval).toEqual([expect.closeTo(-0.0688, 4), expect.closeTo(0.0688, 4)]);
    // One query won is no proof; ten are.
    const won = (n: number) =>
      pairedDifference(new Float64Array(n).fill(1), new Float64Array(n), 'mean', { seed: 0 }).interval;
    expect(verdictOf(won(1), true)).toBe('not separable');
    expect(verdictOf(won(10), true)).toBe('better');
  });

  it('refuses runs that were not scored on the same queries', () => {
    expect(() => pairedDifference(new Float64Array(2), new Float64Array(3), 'mean', { seed: 0 })).toThrow(
      /same queries/,
    );
    expect(() => pairedDifference(new Float64Array(0), new Float64Array(0), 'mean', { seed: 0 })).toThrow(
      /same queries/,
    );
  });
});

describe('verdictOf', () => {
  it('says better or worse only where the interval keeps clear of 0', () => {
    expect(verdictOf([0.001, 0.2], true)).toBe('better');
    expect(verdictOf([-0.2, -0.001], true)).toBe('worse');
    for (const interval of [
      [-0.1, 0.1],
      [0, 0.2],
      [-0.2, 0],
      [0, 0],
    ] as const) {
      expect(verdictOf(interval, true)).toBe('not separable');
      expect(verdictOf(interval, false)).toBe('not separable');
    }
  });

  it('turns round where lower is better', () => {
    expect(verdictOf([1, 3], false)).toBe('worse');
    expect(verdictOf([-3, -1], false)).toBe('better');
  });
});
