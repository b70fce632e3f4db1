import { expect, test } from 'vitest';
import { topKShares } from '../../../src/metrics/curve.ts';
import { wilsonInterval } from '../../../src/metrics/intervals.ts';

/** Five queries count, one of them finds nothing. */
const outcomes = {
  queries: Int32Array.of(0, 1, 2, 3, 4, 5),
  relevant: Int32Array.of(2, 1, 0, 3, 1, 4),
  firstHitRank: Int32Array.of(1, 3, 0, 1, 0, 7),
  apAtR: new Float64Array(6),
};

test('counts top-k accuracy for every k by hand, with Wilson’s bounds', () => {
  const curve = topKShares(outcomes, 7);
  expect([...(curve?.shares ?? [])]).toEqual([2 / 5, 2 / 5, 3 / 5, 3 / 5, 3 / 5, 3 / 5, 4 / 5]);
  [2, 2, 3, 3, 3, 3, 4].forEach((hits, at) => {
    expect([curve?.lower[at], curve?.upper[at]]).toEqual(wilsonInterval(hits, 5));
  });
});

test('there is no curve of no query', () => {
  expect(topKShares({ ...outcomes, relevant: new Int32Array(6) }, 2)).toBeNull();
});
