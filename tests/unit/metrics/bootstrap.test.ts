import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/math/random.ts';
import { bootstrapIntervals, pairedDifference } from '../../../src/metrics/bootstrap.ts';

/** n queries of which a share of about p is a hit. */
function hits(n: number, p: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: n }, () => (random.uniform() < p ? 1 : 0));
}

describe('bootstrapIntervals', () => {
  it('agrees with the normal approximation where that is good', () => {
    const column = Float64Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? 1 : 0));
    const [[low, high] = [0, 0]] = bootstrapIntervals([column], { seed: 1 });
    const half = 1.96 * Math.sqrt((0.25 * 0.75) / 400);
    expect(Math.abs(low - (0.25 - half))).toBeLessThan(0.008);
    expect(Math.abs(high - (0.25 + half))).toBeLessThan(0.008);
  });

  it('covers the true share about 95 times in 100', () => {
    let covered = 0;
    for (let trial = 0; trial < 300; trial++) {
      const [[low, high] = [0, 0]] = bootstrapIntervals([hits(150, 0.6, trial)], { seed: trial, resamples: 300 });
      if (low <= 0.6 && 0.6 <= high) covered++;
    }
    expect(covered / 300).toBeGreaterThan(0.9);
    expect(covered / 300).toBeLessThan(0.99);
  });

  it('is seeded, and draws the same queries for every column', () => {
    const column = hits(50, 0.5, 2);
    const [a, b] = bootstrapIntervals([column, column], { seed: 3 });
    expect(a).toEqual(b);
    expect(bootstrapIntervals([column], { seed: 3 })).toEqual([a]);
    const wide = bootstrapIntervals([column], { seed: 3, level: 0.99 })[0] ?? [0, 0];
    expect(wide[1] - wide[0]).toBeGreaterThan((a?.[1] ?? 0) - (a?.[0] ?? 0));
  });

  it('refuses columns of different queries', () => {
    expect(() => bootstrapIntervals([new Float64Array(2), new Float64Array(3)], { seed: 0 })).toThrow(/same queries/);
  });
});

describe('pairedDifference', () => {
  it('sees a small difference that unpaired intervals would hide', () => {
    const b = hits(300, 0.5, 7);
    // a is b, but for 15 misses turned into hits: 5 points.
    let turned = 0;
    const a = b.map((hit) => (hit === 0 && turned++ < 15 ? 1 : hit));
    const { difference, interval } = pairedDifference(a, b, { seed: 0 });
    expect(difference).toBeCloseTo(0.05, 12);
    expect(interval[0]).toBeGreaterThan(0);
    const [[low, high] = [0, 0]] = bootstrapIntervals([a], { seed: 0 });
    expect(high - low).toBeGreaterThan(2 * (interval[1] - interval[0]));
    const back = pairedDifference(b, a, { seed: 0 });
    expect(back.difference).toBeCloseTo(-0.05, 12);
    expect(back.interval[0]).toBeCloseTo(-interval[1], 12);
  });

  it('refuses runs that were not measured on the same queries', () => {
    expect(() => pairedDifference(new Float64Array(2), new Float64Array(3), { seed: 0 })).toThrow(/same queries/);
    expect(() => pairedDifference(new Float64Array(0), new Float64Array(0), { seed: 0 })).toThrow(/same queries/);
  });
});
