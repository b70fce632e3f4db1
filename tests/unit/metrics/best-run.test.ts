import { expect, test } from 'vitest';
import {
  bestBy,
  bestChosen,
  bestModels,
  byModel,
  inTieOrder,
  saturationWords,
  scoreOfRuns,
} from '../../../src/metrics/best-run.ts';
import { type Metric, metricOf } from '../../../src/metrics/registry.ts';
import type { Scores } from '../../../src/types.ts';

/** As many hits of 100 queries at top-1 and at top-10. */
const scores = (top1: number, top10: number): Scores => ({
  queries: 100,
  skipped: 0,
  topk: { 1: top1 / 100, 10: top10 / 100 },
  mapAtR: 0.5,
  mrr: 0.5,
  ci95: {},
});
const run = (model: string, test: Scores | null, validation: Scores | null = null) => ({
  model,
  result: { test, validation },
});
const models = (runs: readonly ReturnType<typeof run>[]) => byModel(runs, ({ model }) => model).values();
const named = (best: ReturnType<typeof bestModels<ReturnType<typeof run>>>) =>
  best?.rows.map(([{ model }]) => model) ?? null;

test('seeds count by their mean: no lucky seed makes a model the best', () => {
  const runs = [
    run('lucky', scores(60, 70)),
    run('steady', scores(70, 85)),
    run('lucky', scores(80, 90)),
    run('steady', scores(70, 86)),
  ];
  expect(named(bestModels(models(runs), 'test'))).toEqual(['steady']);
  expect(bestModels(models(runs), 'test')?.rows[0].length).toBe(2);
});

test('where several are perfect in the headline metric, top-1 decides; what it cannot decide is a tie', () => {
  const runs = [run('a', scores(70, 100)), run('b', scores(80, 100)), run('c', scores(90, 99))];
  expect(named(bestModels(models(runs), 'test'))).toEqual(['b']);
  expect(bestModels(models(runs), 'test')?.saturated?.rows).toBe(2);
  expect(named(bestModels(models([...runs, run('d', scores(80, 100))]), 'test'))).toEqual(['b', 'd']);
  expect(named(bestModels(models(runs), 'test', metricOf('top1')))).toEqual(['c']);
});

test('equals stand in one order, whichever was scored first: by top-1, mAP@R and MRR, the simpler one, the name', () => {
  const made = (model: string, weights: readonly string[], changes: object = {}, of: Partial<Scores> = {}) => ({
    model,
    result: {
      ...{ test: { ...scores(80, 100), ...of }, validation: null, model, weights, combine: null, rank: 'plain' },
      ...{ head: 'frozen' as const, ...changes },
    },
  });
  const inOrder = [
    made('better mAP', ['x', 'y'], {}, { mapAtR: 0.6 }),
    made('better MRR', ['x', 'y'], {}, { mrr: 0.6 }),
    made('a', ['a']),
    made('b', ['b']),
    made('c by class', ['b'], { rank: 'class' }),
    made('a tuned', ['a'], { head: 'finetuned' }),
    made('a mean', ['a', 'b'], { combine: 'mean' }),
  ];
  const expected = inOrder.map(({ model }) => model);
  for (const runs of [inOrder, inOrder.toReversed(), [...inOrder.slice(3), ...inOrder.slice(0, 3)]]) {
    expect(named(bestModels(models(runs), 'test'))).toEqual(expected);
    const rows = [...models(runs)];
    expect(inTieOrder(rows, (row) => row, 'test').map(([{ model }]) => model)).toEqual(expected);
  }
});

test('a model is chosen by validation, and by the test only where nothing was validated', () => {
  const both = [run('a', scores(50, 90), scores(50, 60)), run('b', scores(50, 80), scores(50, 70))];
  expect(bestChosen(models(both))).toMatchObject({ split: 'validation', best: { rows: [[{ model: 'b' }]] } });
  const tested = both.map(({ model, result }) => run(model, result.test));
  expect(bestChosen(models(tested))).toMatchObject({ split: 'test', best: { rows: [[{ model: 'a' }]] } });
  expect(bestChosen(models([run('a', null)]))).toBeNull();
});

test('one run has the interval of its queries, several have the deviation over their seeds', () => {
  const metric = metricOf('top10');
  const one = [run('a', scores(50, 100))];
  expect(scoreOfRuns(one, 'test', metric)).toMatchObject({ value: 1, deviation: null });
  expect(scoreOfRuns(one, 'test', metric)?.interval?.[0]).toBeCloseTo(0.963, 3);
  const two = [...one, run('a', scores(50, 90)), run('a', null)];
  expect(scoreOfRuns(two, 'test', metric)).toEqual({
    value: 0.95,
    interval: null,
    macro: null,
    deviation: expect.closeTo(Math.SQRT1_2 / 10, 12),
  });
});

test('what was judged on a part of the queries is not the best of those that were judged on all', () => {
  const part = { ...scores(95, 100), queries: 40, skipped: 60 };
  const runs = [run('a', scores(70, 100)), run('b', scores(80, 100)), run('part', part)];
  expect(named(bestModels(models(runs), 'test'))).toEqual(['b']);
  expect(bestModels(models(runs), 'test')?.saturated?.rows).toBe(2);
  expect(named(bestModels(models(runs.slice(2)), 'test'))).toEqual(['part']);
});

test('what was judged against a part of the gallery is not the best of those that searched all of it', () => {
  const against = (gallery: number, of: Scores): Scores => ({ ...of, gallery });
  const runs = [
    run('a', against(648, scores(70, 90))),
    run('b', against(648, scores(80, 90))),
    run('part', against(300, scores(95, 100))),
  ];
  expect(named(bestModels(models(runs), 'test'))).toEqual(['b', 'a']);
  expect(named(bestModels(models(runs.slice(2)), 'test'))).toEqual(['part']);
  // Results of earlier versions do not tell: they count as those of the whole gallery.
  expect(named(bestModels(models([...runs, run('earlier', scores(90, 95))]), 'test'))).toEqual(['earlier']);
});

test('where no model was judged on everything, the larger gallery comes before more queries', () => {
  const fewer = { ...scores(50, 60), queries: 40, gallery: 648 };
  const runs = [run('easier', { ...scores(90, 95), gallery: 300 }), run('harder', fewer)];
  expect(named(bestModels(models(runs), 'test'))).toEqual(['harder']);
});

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
