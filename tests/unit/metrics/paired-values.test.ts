import { expect, test } from 'vitest';
import { pairedDifference, verdictOf } from '../../../src/metrics/intervals.ts';
import {
  hitsIn,
  type PlacedQueries,
  pairedValues,
  tellingQuery,
  valuesByQuery,
} from '../../../src/metrics/paired-values.ts';
import { type MetricKey, metricOf } from '../../../src/metrics/registry.ts';
import type { QueryOutcomes } from '../../../src/types.ts';

/** Outcomes of queries at positions: [position, rank of the first hit, AP at R]; rank null where the query counts nowhere. */
function outcomes(...queries: readonly (readonly [number, number | null, number?])[]): QueryOutcomes {
  return {
    queries: Int32Array.from(queries, ([at]) => at),
    relevant: Int32Array.from(queries, ([, rank]) => (rank === null ? 0 : 3)),
    firstHitRank: Int32Array.from(queries, ([, rank]) => rank ?? 0),
    apAtR: Float64Array.from(queries, ([, , ap]) => ap ?? 0),
  };
}

const paired = (first: readonly QueryOutcomes[], second: readonly QueryOutcomes[], key: MetricKey) =>
  pairedValues(valuesByQuery(first, metricOf(key)), valuesByQuery(second, metricOf(key)));

const valuesOf = (...pair: Parameters<typeof paired>) => {
  const { first, second } = paired(...pair);
  return [[...first], [...second]];
};

test('pairs the queries that both count, by position', () => {
  const first = outcomes([0, 1], [2, 7], [5, null], [9, 2]);
  const second = outcomes([2, 1], [5, 1], [9, 11], [12, 1]);
  expect(valuesOf([first], [second], 'top1')).toEqual([
    [0, 0],
    [1, 0],
  ]);
  expect(valuesOf([first], [second], 'top10')).toEqual([
    [1, 1],
    [1, 0],
  ]);
  expect(valuesOf([first], [second], 'mrr')).toEqual([
    [1 / 7, 1 / 2],
    [1, 1 / 11],
  ]);
});

test('a model of several seeds has the mean of each query over the seeds that count it', () => {
  const seeds = [outcomes([0, 1, 0.5], [1, 3, 0.2]), outcomes([0, 4, 0.1], [1, null]), outcomes([0, 1, 0.9])];
  const other = [outcomes([0, 2, 0.3], [1, 1, 1])];
  expect(valuesOf(seeds, other, 'top1')).toEqual([
    [2 / 3, 0],
    [0, 1],
  ]);
  const [first] = valuesOf(seeds, other, 'mapAtR');
  expect(first?.[0]).toBeCloseTo(0.5, 12);
  expect(first?.[1]).toBe(0.2);
});

test('a first hit that was not found is no hit at any k', () => {
  expect(valuesOf([outcomes([0, 0])], [outcomes([0, 1])], 'top100')).toEqual([[0], [1]]);
  expect(valuesOf([outcomes([0, 0])], [outcomes([0, 1])], 'mrr')).toEqual([[0], [1]]);
});

test('nothing where no query is common', () => {
  expect(valuesOf([outcomes([0, 1])], [outcomes([1, 1])], 'top1')).toEqual([[], []]);
  expect(valuesOf([outcomes([0, 1])], [], 'top1')).toEqual([[], []]);
});

test('what is not known of a query leaves it out', () => {
  const known = { ...outcomes([0, 1], [1, 2]), rPrecision: Float64Array.of(0.5, 1) };
  expect(valuesOf([known], [known], 'rPrecision')).toEqual([
    [0.5, 1],
    [0.5, 1],
  ]);
  expect(valuesOf([known], [outcomes([0, 1], [1, 2])], 'rPrecision')).toEqual([[], []]);
  expect(valuesOf([known], [known], 'precision5')).toEqual([[], []]);
});

test('precision follows from the neighbours', () => {
  const hitsAt = hitsIn(
    { k: 3, rows: Int32Array.of(0, 1, 2, 3, 0, -1, 1, 1, 1) },
    Int32Array.of(7, 8, -1),
    Int32Array.of(7, 8, 7, 8),
  );
  expect([1, 2, 3].map((k) => hitsAt(0, k))).toEqual([1, 1, 2]);
  expect([1, 2, 3, 100].map((k) => hitsAt(1, k))).toEqual([1, 1, 1, 1]);
  // Nobody knows which neighbours of an unknown class are right.
  expect(hitsAt(2, 3)).toBe(0);
  const judged = { ...outcomes([0, 1], [1, 1]), hitsAt };
  expect(valuesOf([judged], [judged], 'precision2')[0]).toEqual([1 / 2, 1 / 2]);
});

test('swapping the models turns the verdict round', () => {
  const better = outcomes(...Array.from({ length: 60 }, (_, at) => [at, at % 6 === 0 ? 2 : 1] as const));
  const worse = outcomes(...Array.from({ length: 60 }, (_, at) => [at, at % 2 === 0 ? 2 : 1] as const));
  const verdict = (a: QueryOutcomes, b: QueryOutcomes) => {
    const { first, second } = paired([a], [b], 'top1');
    return verdictOf(pairedDifference(first, second, 'mean', { seed: 0 }).interval, true);
  };
  expect(verdict(better, worse)).toBe('better');
  expect(verdict(worse, better)).toBe('worse');
  expect(verdict(better, better)).toBe('not separable');
});

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
