import { describe, expect, it } from 'vitest';
import { stratifiedSample } from '../../../src/math/stratified-sample.ts';

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
