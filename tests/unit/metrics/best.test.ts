import { expect, test } from 'vitest';
import { bestBy, saturationWords } from '../../../src/metrics/best.ts';
import { type Metric, metricOf } from '../../../src/metrics/registry.ts';

interface Row {
  readonly name: string;
  readonly values: Readonly<Record<string, number>>;
}

const row = (name: string, values: Row['values']): Row => ({ name, values });
const valueIn = ({ values }: Row, { key }: Metric) => values[key] ?? null;
const best = (rows: readonly Row[], key: 'top10' | 'top1' | 'medianRank' = 'top10') => {
  const found = bestBy(rows, metricOf(key), valueIn);
  return found && [found.rows.map(({ name }) => name), found.metric.key, found.saturated?.rows ?? 0];
};

test('the highest is the best, and rows without a value are passed over', () => {
  expect(best([row('a', { top10: 0.8 }), row('b', {}), row('c', { top10: 0.9 })])).toEqual([['c'], 'top10', 0]);
  expect(best([row('b', {})])).toBeNull();
  expect(best([])).toBeNull();
});

test('the lowest is the best where lower is better', () => {
  expect(best([row('a', { medianRank: 3 }), row('b', { medianRank: 1.5 })], 'medianRank')).toEqual([
    ['b'],
    'medianRank',
    0,
  ]);
});

test('ties are named, all of them, also where their last bits differ', () => {
  const rows = [
    row('a', { top10: 0.9, top1: 0.2 }),
    row('b', { top10: 0.5 }),
    row('c', { top10: 0.3 + 0.6, top1: 0.4 }),
  ];
  expect(rows[0]?.values['top10']).not.toBe(rows[2]?.values['top10']);
  expect(best(rows)).toEqual([['a', 'c'], 'top10', 0]);
});

test('where several are perfect, top-1 decides between these, and that is said', () => {
  const rows = [
    row('a', { top10: 1, top1: 0.7 }),
    row('b', { top10: 0.99, top1: 0.95 }),
    row('c', { top10: 1, top1: 0.8 }),
    row('d', { top10: 1, top1: 0.8 }),
  ];
  expect(best(rows)).toEqual([['c', 'd'], 'top1', 3]);
  const found = bestBy(rows, metricOf('top10'), valueIn);
  expect(found && saturationWords(found)).toBe(
    '3 models are perfect in top-10 accuracy, which cannot tell them apart: top-1 accuracy decides.',
  );
});

test('one perfect row is the best; nothing else decides, nor where top-1 is not known or was asked for', () => {
  expect(best([row('a', { top10: 1, top1: 0.1 }), row('b', { top10: 0.9, top1: 0.9 })])).toEqual([['a'], 'top10', 0]);
  expect(best([row('a', { top10: 1, top1: 0.1 }), row('b', { top10: 1 })])).toEqual([['a', 'b'], 'top10', 0]);
  expect(best([row('a', { top1: 1 }), row('b', { top1: 1 })], 'top1')).toEqual([['a', 'b'], 'top1', 0]);
});

test('a rank is perfect at 1', () => {
  const rows = [row('a', { medianRank: 1, top1: 0.6 }), row('b', { medianRank: 1, top1: 0.8 })];
  expect(best(rows, 'medianRank')).toEqual([['b'], 'top1', 2]);
});
