import { expect, test } from 'vitest';
import { isBetter } from '../../../src/core/ranking-trial.ts';
import type { QueryOutcomes } from '../../../src/types.ts';

/** Average precision and rank of the first hit, query by query. */
const outcomes = (...queries: readonly (readonly [precision: number, rank: number])[]): QueryOutcomes => ({
  queries: Int32Array.from(queries, (_, i) => i),
  relevant: Int32Array.from(queries, () => 3),
  firstHitRank: Int32Array.from(queries, ([, rank]) => rank),
  apAtR: Float64Array.from(queries, ([precision]) => precision),
});
const plain = outcomes([0.5, 1], [0.6, 1], [0.4, 2], [0.5, 1]);

test('a ranking is better where the right answers come earlier by more than the standard error', () => {
  expect(isBetter(outcomes([0.6, 1], [0.7, 1], [0.55, 2], [0.6, 1]), plain)).toBe(true);
  // A gain on one query alone is luck.
  expect(isBetter(outcomes([0.9, 1], [0.6, 1], [0.2, 2], [0.4, 1]), plain)).toBe(false);
  expect(isBetter(plain, plain)).toBe(false);
});

test('not where the first answer gets worse', () => {
  expect(isBetter(outcomes([0.6, 2], [0.7, 2], [0.55, 2], [0.6, 2]), plain)).toBe(false);
});

test('queries that count nowhere say nothing', () => {
  const none = { ...plain, relevant: new Int32Array(4) };
  expect(isBetter(none, none)).toBe(false);
});
