import { describe, expect, it } from 'vitest';
import { mean, median, percentileInterval, quantile } from '../../../src/math/statistics.ts';

describe('statistics', () => {
  it('takes means and medians', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(median([9, 1, 2])).toBe(2);
    expect(median(Float64Array.of(4, 1, 2, 3))).toBe(2.5);
    expect(mean([])).toBeNaN();
    expect(median([])).toBeNaN();
  });

  it('interpolates quantiles as NumPy does', () => {
    // numpy.quantile([3, 1, 4, 1, 5, 9, 2, 6], [0.1, 0.25, 0.9])
    const values = [3, 1, 4, 1, 5, 9, 2, 6];
    expect(quantile(values, 0.1)).toBeCloseTo(1, 12);
    expect(quantile(values, 0.25)).toBeCloseTo(1.75, 12);
    expect(quantile(values, 0.9)).toBeCloseTo(6.9, 12);
  });

  it('cuts equal tails', () => {
    const [low, high] = percentileInterval(
      Array.from({ length: 1001 }, (_, i) => i),
      0.95,
    );
    expect(low).toBeCloseTo(25, 9);
    expect(high).toBeCloseTo(975, 9);
  });

  it('leaves its input as it was, and can hold infinities', () => {
    const values = [Number.POSITIVE_INFINITY, 1, Number.POSITIVE_INFINITY];
    expect(median(values)).toBe(Number.POSITIVE_INFINITY);
    expect(values[1]).toBe(1);
  });
});
