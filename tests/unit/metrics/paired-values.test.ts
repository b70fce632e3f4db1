import { expect, test } from 'vitest';
import { pairedDifference } from '../../../src/metrics/bootstrap.ts';
import { pairedValues, type QueryMeasure, valuesByQuery } from '../../../src/metrics/paired-values.ts';
import { verdictOf } from '../../../src/metrics/verdict.ts';
import type { QueryOutcomes } from '../../../src/types.ts';

/** Of queries at positions: [position, rank of the first hit, AP at R]; rank null where the query counts nowhere. */
function outcomes(...queries: readonly (readonly [number, number | null, number?])[]): QueryOutcomes {
  return {
    queries: Int32Array.from(queries, ([at]) => at),
    relevant: Int32Array.from(queries, ([, rank]) => (rank === null ? 0 : 3)),
    firstHitRank: Int32Array.from(queries, ([, rank]) => rank ?? 0),
    apAtR: Float64Array.from(queries, ([, , ap]) => ap ?? 0),
  };
}

const paired = (first: readonly QueryOutcomes[], second: readonly QueryOutcomes[], measure: QueryMeasure) =>
  pairedValues(valuesByQuery(first, measure), valuesByQuery(second, measure));

const valuesOf = (...pair: Parameters<typeof paired>) => {
  const { first, second } = paired(...pair);
  return [[...first], [...second]];
};

test('pairs the queries that both count, by position', () => {
  const first = outcomes([0, 1], [2, 7], [5, null], [9, 2]);
  const second = outcomes([2, 1], [5, 1], [9, 11], [12, 1]);
  expect(valuesOf([first], [second], 1)).toEqual([
    [0, 0],
    [1, 0],
  ]);
  expect(valuesOf([first], [second], 10)).toEqual([
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
  expect(valuesOf(seeds, other, 1)).toEqual([
    [2 / 3, 0],
    [0, 1],
  ]);
  const [first] = valuesOf(seeds, other, 'mapAtR');
  expect(first?.[0]).toBeCloseTo(0.5, 12);
  expect(first?.[1]).toBe(0.2);
});

test('a first hit that was not found is no hit at any k', () => {
  expect(valuesOf([outcomes([0, 0])], [outcomes([0, 1])], 100)).toEqual([[0], [1]]);
  expect(valuesOf([outcomes([0, 0])], [outcomes([0, 1])], 'mrr')).toEqual([[0], [1]]);
});

test('nothing where no query is common; a k below 1 is refused', () => {
  expect(valuesOf([outcomes([0, 1])], [outcomes([1, 1])], 1)).toEqual([[], []]);
  expect(valuesOf([outcomes([0, 1])], [], 1)).toEqual([[], []]);
  expect(() => valuesByQuery([outcomes([0, 1])], 0)).toThrow('k must be 1 or more');
});

test('the verdict says better or worse only where the interval keeps clear of 0', () => {
  expect(verdictOf([0.001, 0.2])).toBe('better');
  expect(verdictOf([-0.2, -0.001])).toBe('worse');
  for (const interval of [
    [-0.1, 0.1],
    [0, 0.2],
    [-0.2, 0],
    [0, 0],
  ] as const) {
    expect(verdictOf(interval)).toBe('not separable');
  }
});

test('swapping the models turns the verdict round', () => {
  const better = outcomes(...Array.from({ length: 60 }, (_, at) => [at, at % 6 === 0 ? 2 : 1] as const));
  const worse = outcomes(...Array.from({ length: 60 }, (_, at) => [at, at % 2 === 0 ? 2 : 1] as const));
  const verdict = (a: QueryOutcomes, b: QueryOutcomes) => {
    const { first, second } = paired([a], [b], 1);
    return verdictOf(pairedDifference(first, second, { seed: 0 }).interval);
  };
  expect(verdict(better, worse)).toBe('better');
  expect(verdict(worse, better)).toBe('worse');
  expect(verdict(better, better)).toBe('not separable');
});
