import { expect, test } from 'vitest';
import type { PlacedQueries } from '../../../src/metrics/paired-values.ts';
import { tellingQuery } from '../../../src/metrics/telling-query.ts';

/** Queries by position, with the rank of their first hit and their hits among the first five; rank 0 counts nowhere. */
const run = (...of: readonly (readonly [query: number, rank: number, hits: number])[]): PlacedQueries => ({
  queries: Int32Array.from(of, ([query]) => query),
  relevant: Int32Array.from(of, ([, rank]) => (rank === 0 ? 0 : 9)),
  firstHitRank: Int32Array.from(of, ([, rank]) => rank),
  apAtR: new Float64Array(of.length),
  hitsAt: (entry) => of[entry]?.[2] ?? 0,
});

test('the largest gain among those that are right at once, whatever the order of either list', () => {
  const frozen = run([4, 3, 1], [2, 8, 0], [9, 1, 2], [7, 2, 1]);
  const tuned = run([2, 2, 4], [7, 1, 4], [9, 1, 5], [4, 1, 4]);
  // Query 2 gains most, but its first image is wrong; 7, 9 and 4 gain alike, and 7 comes first.
  expect(tellingQuery(frozen, tuned, 5)).toEqual({ first: 3, second: 1 });
});

test('nothing without a gain, and nothing of queries that one was not asked or does not count', () => {
  expect(tellingQuery(run([1, 1, 5]), run([1, 1, 5]), 5)).toBeNull();
  expect(tellingQuery(run([1, 0, 0], [3, 9, 0]), run([1, 1, 5], [2, 1, 5]), 5)).toBeNull();
  expect(tellingQuery(run(), run(), 5)).toBeNull();
});
