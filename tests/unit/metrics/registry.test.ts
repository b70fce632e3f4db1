import { expect, test } from 'vitest';
import {
  COLUMNS,
  DECIDING,
  HEADLINE,
  isMetricKey,
  type JudgedQueries,
  judgedByName,
  METRICS,
  metricOf,
  metricsAt,
} from '../../../src/metrics/registry.ts';

test('has every metric once, those of the first k for each k', () => {
  expect(METRICS.map(({ key }) => key)).toEqual([
    ...['top1', 'top5', 'top10', 'precision1', 'precision5', 'precision10'],
    ...['mapAtR', 'rPrecision', 'mrr', 'medianRank'],
  ]);
  expect(metricsAt([3, 100]).map(({ title }) => title)).toEqual(expect.arrayContaining(['Top-3', 'P@100', 'mAP@R']));
  expect(metricOf('top37').title).toBe('Top-37');
  expect(metricOf('top37')).toBe(metricOf('top37'));
  expect([HEADLINE.key, DECIDING.key]).toEqual(['top10', 'top1']);
  expect(COLUMNS).toContain(HEADLINE);
});

test('knows its keys from every other text', () => {
  for (const key of ['top1', 'top100', 'precision37', 'mrr']) expect(isMetricKey(key)).toBe(true);
  const others = [
    'top',
    'top0',
    'top101',
    'top01',
    'top1.5',
    'top-1',
    'model',
    '__proto__',
    'constructor',
    'precision',
    '',
  ];
  for (const key of others) expect(isMetricKey(key)).toBe(false);
  expect(() => metricOf('top101')).toThrow(/from 1 to 100/);
});

test('gives the value of one query, and says where it is not known', () => {
  const judged: JudgedQueries = {
    relevant: Int32Array.of(4, 4),
    firstHitRank: Int32Array.of(3, 0),
    apAtR: Float64Array.of(0.4, 0),
  };
  const values = (query: number, queries = judged) => METRICS.map((metric) => metric.queryValue(queries, query));
  expect(values(0)).toEqual([0, 1, 1, null, null, null, 0.4, null, 1 / 3, 3]);
  expect(values(1)).toEqual([0, 0, 0, null, null, null, 0, null, 0, Number.POSITIVE_INFINITY]);
  const whole = { ...judged, rPrecision: Float64Array.of(0.5, 0), hitsAt: (_: number, k: number) => Math.floor(k / 5) };
  expect(values(0, whole)).toEqual([0, 1, 1, 0, 1 / 5, 2 / 10, 0.4, 0.5, 1 / 3, 3]);
});

test('names, titles and explanations are there, and tell metrics apart', () => {
  for (const of of ['name', 'title', 'python'] as const) {
    const texts = METRICS.filter(({ key }) => of !== 'python' || key !== 'precision1').map((metric) => metric[of]);
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts.every((text) => text.length > 0)).toBe(true);
  }
  for (const { explanation } of METRICS) expect(explanation).toMatch(/\.$/);
});

test('what the best is judged by is called what it is', () => {
  expect([1, 10].map(judgedByName)).toEqual(['top-1 accuracy', 'the mean of top-1 to top-10 accuracy']);
});
