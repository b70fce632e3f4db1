import { describe, expect, it } from 'vitest';
import { seededRandom, stratifiedSample } from '../../../src/math/random.ts';
import { mean } from '../../../src/math/statistics.ts';

/** Seed, stream, then the first 32-bit numbers: computed by a C program with unsigned integers. */
const REFERENCE: [number, number, ...number[]][] = [
  [0, 0, 4187458251, 2444602982, 3872279642, 1301277917, 3522596180, 3608892633],
  [42, 0, 1874330980, 2143255774, 4055375598, 4093523872, 3527872070, 3953738800],
  [42, 7, 1269004148, 4263576714, 2248319896, 3687212020, 225237390, 2399737212],
  [4294967295, 1, 94509575, 3358029004, 185446740, 2535456907, 3549484642, 309210637],
];

describe('seededRandom', () => {
  it.each(REFERENCE)('gives the reference stream of seed %i, stream %i', (seed, stream, ...expected) => {
    const random = seededRandom(seed, stream);
    expect(expected.map(() => random.uniform() * 2 ** 32)).toEqual(expected);
  });

  it('draws integers evenly from [0, n)', () => {
    const random = seededRandom(1);
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) {
      const value = random.below(7);
      counts[value] = (counts[value] ?? Number.NaN) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('fills a list with the integers that as many single draws give, and goes on behind them', () => {
    const [one, many] = [seededRandom(3), seededRandom(3)];
    const list = new Uint32Array(100);
    for (let round = 0; round < 2; round++) {
      many.fillBelow(list, 1000);
      expect([...list]).toEqual(Array.from(list, () => one.below(1000)));
    }
    expect(many.uniform()).toBe(one.uniform());
  });

  it('draws standard normals', () => {
    const random = seededRandom(3);
    const values = Array.from({ length: 50_000 }, () => random.gaussian());
    expect(Math.abs(mean(values))).toBeLessThan(0.02);
    expect(Math.abs(mean(values.map((x) => x * x)) - 1)).toBeLessThan(0.03);
    expect(Math.abs(mean(values.map((x) => x ** 4)) - 3)).toBeLessThan(0.2);
    // Neighbours come from one Box–Muller pair and must not be correlated.
    expect(Math.abs(mean(values.slice(1).map((x, i) => x * (values[i] ?? 0))))).toBeLessThan(0.02);
  });

  it('shuffles typed arrays and lists into every order equally often', () => {
    const random = seededRandom(5);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = random.shuffle(Int32Array.of(0, 1, 2)).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
    expect(random.shuffle(['a', 'b', 'c']).sort()).toEqual(['a', 'b', 'c']);
  });
});

const strata = Array.from({ length: 12_345 }, (_, i) => (i % 100 === 0 ? 'rare' : i % 3 === 0 ? 'some' : 'most'));

describe('stratifiedSample', () => {
  it('takes its share of every stratum, each position once', () => {
    const sample = stratifiedSample(strata, 1000, 4);
    expect(sample).toHaveLength(1000);
    expect(new Set(sample).size).toBe(1000);
    expect([...sample]).toEqual([...sample].sort((a, b) => a - b));
    for (const stratum of ['rare', 'some', 'most']) {
      const all = strata.filter((name) => name === stratum).length;
      const taken = [...sample].filter((position) => strata[position] === stratum).length;
      expect(Math.abs(taken - (all * 1000) / strata.length)).toBeLessThan(1.01);
    }
  });

  it('is the same for one seed and another for another', () => {
    expect(stratifiedSample(strata, 500, 4)).toEqual(stratifiedSample(strata, 500, 4));
    expect(stratifiedSample(strata, 500, 4)).not.toEqual(stratifiedSample(strata, 500, 5));
  });

  it('gives single members their chance', () => {
    const single = Array.from({ length: 1000 }, (_, i) => `class ${i}`);
    const seen = [0, 1, 2, 3].map((seed) => stratifiedSample(single, 300, seed).includes(0));
    expect(stratifiedSample(single, 300, 0)).toHaveLength(300);
    expect(new Set(seen).size).toBe(2);
  });

  it('takes all where there are no more', () => {
    expect([...stratifiedSample(['a', 'b', 'a'], 3, 0)]).toEqual([0, 1, 2]);
  });
});
