import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/math/random.ts';
import { bootstrapIntervals, bootstrapRanks } from '../../../src/metrics/bootstrap.ts';
import { countedRanks, topKShares } from '../../../src/metrics/curve.ts';

describe('top-k accuracy for every k', () => {
  it('counts by hand: five queries count, one of them finds nothing', () => {
    const outcomes = {
      queries: Int32Array.of(0, 1, 2, 3, 4, 5),
      relevant: Int32Array.of(2, 1, 0, 3, 1, 4),
      firstHitRank: Int32Array.of(1, 3, 0, 1, 0, 7),
      apAtR: new Float64Array(6),
    };
    const ranks = countedRanks(outcomes);
    expect([...ranks]).toEqual([1, 3, 1, 0, 7]);
    expect([...topKShares(ranks, 5)]).toEqual([2 / 5, 2 / 5, 3 / 5, 3 / 5, 3 / 5]);
    expect(topKShares(ranks, 7)[6]).toBe(4 / 5);
  });

  it('is zero without a query, not a division by none', () => {
    expect([...topKShares(new Int32Array(0), 2)]).toEqual([0, 0]);
  });

  it('has the bands that bootstrapIntervals gives for columns of hits, k by k', () => {
    const random = seededRandom(3);
    const ranks = Int32Array.from({ length: 60 }, () => random.below(15));
    const most = 12;
    const steps = bootstrapRanks(ranks, most, { seed: 5, resamples: 200 });
    let step = steps.next();
    while (!step.done) step = steps.next();
    const columns = Array.from({ length: most }, (_, at) =>
      Float64Array.from(ranks, (rank) => (rank > 0 && rank <= at + 1 ? 1 : 0)),
    );
    const expected = bootstrapIntervals(columns, { seed: 5, resamples: 200 });
    expected.forEach(([low, high], at) => {
      expect(step.done && step.value.lower[at]).toBeCloseTo(low, 12);
      expect(step.done && step.value.upper[at]).toBeCloseTo(high, 12);
    });
    const shares = topKShares(ranks, most);
    columns.forEach((column, at) => {
      expect(shares[at]).toBeCloseTo(column.reduce((sum, hit) => sum + hit, 0) / 60, 12);
    });
  });
});
