import { expect, test } from 'vitest';
import { bestRows, bestValue, rankingGroups, resultRows, scoreOfRuns } from '../../../src/core/result-rows.ts';
import { runLabel } from '../../../src/core/run-name.ts';
import { COLUMNS, HEADLINE, METRICS, metricOf } from '../../../src/metrics/registry.ts';
import type { ImageRecord } from '../../../src/types.ts';
import { axisOf } from '../../../src/ui/dashboard/leaderboard/difference-rows.ts';
import {
  filterRows,
  type LeaderboardOrder,
  orderBy,
  orderRows,
  rowWords,
  scaleOf,
  shownMetrics,
  toggled,
} from '../../../src/ui/dashboard/leaderboard/leaderboard-rows.ts';
import { countedSentence, noTestSentence } from '../../../src/ui/dashboard/queries-words.ts';
import { bestFirst, sortRows } from '../../../src/ui/runs/result-order.ts';
import {
  apartWords,
  headDetail,
  modelDetail,
  runWords,
  sharedParts,
  sharedSentence,
} from '../../../src/ui/runs/result-words.ts';
import { fakeRun, finetuned, frozen } from '../../browser/ui/fake-comparison.ts';

const labels = { a: 'Alpha', b: 'Beta' };
const runs = [
  fakeRun({ members: [frozen('a')], top1: 0.5, mapAtR: 0.9 }),
  fakeRun({ members: [finetuned('b')], top1: 0.7, mapAtR: 0.2 }),
  fakeRun({ members: [finetuned('b')], top1: 0.72, mapAtR: 0.2, recipe: { seed: 1 } }),
  fakeRun({ members: [finetuned('a'), frozen('b')], combine: 'concat', top1: 0.6, mapAtR: 0.4 }),
  fakeRun({ members: [finetuned('a'), finetuned('b')], combine: 'mean', top1: 0.65, mapAtR: 0.3, labelled: false }),
];
const rows = resultRows(runs);
const names = (list: typeof rows) => list.map((row) => rowWords(row, labels));
const ordered = (by: LeaderboardOrder['by'], descending: boolean) =>
  names(orderRows(rows, { by, descending }, 'test', labels));

const alpha = 'Alpha, frozen';
const beta = 'Beta, fine-tuned, cosine';
const concat = 'Alpha (fine-tuned) + Beta (frozen), ensemble, concat, fine-tuned and frozen, cosine';
const mean = 'Alpha + Beta, ensemble, mean, fine-tuned, cosine';

test('every column sorts; what has no value comes last either way', () => {
  expect(ordered('top1', true)).toEqual([beta, concat, alpha, mean]);
  expect(ordered('top1', false)).toEqual([alpha, concat, beta, mean]);
  expect(ordered('mapAtR', true)).toEqual([alpha, concat, beta, mean]);
  expect(ordered('model', false)).toEqual([mean, concat, alpha, beta].sort((x, y) => x.localeCompare(y, 'en')));
  expect(ordered('head', false)).toEqual([concat, beta, mean, alpha]);
  expect(ordered('combination', true)).toEqual([mean, concat, alpha, beta]);
  expect(ordered('seeds', true)).toEqual([beta, concat, mean, alpha]);
});

test('the filter wants every word, of name, head or combination, and the kind', () => {
  const fits = (text: string, kind: Parameters<typeof filterRows>[2] = 'all') =>
    names(filterRows(rows, text, kind, labels));
  expect(fits('')).toHaveLength(4);
  expect(fits('BETA cosine')).toEqual([beta, concat, mean]);
  expect(fits('concat')).toEqual([concat]);
  expect(fits('', 'finetuned')).toEqual([beta]);
  expect(fits('alpha', 'ensemble')).toEqual([concat, mean]);
  expect(fits('gamma')).toEqual([]);
});

test('the metric that rules sorts the table, whichever it is, until names are sorted', () => {
  for (const metric of METRICS) {
    expect(orderBy(bestFirst(HEADLINE), metric)).toEqual(bestFirst(metric));
    expect(orderBy({ by: metric.key, descending: false }, metric)).toEqual({ by: metric.key, descending: false });
    expect(orderBy({ by: 'seeds', descending: true }, metric)).toEqual({ by: 'seeds', descending: true });
  }
});

test('models that are equal by the metric come in the order of what decides between them', () => {
  const perfect = (at: string, top1: number) => {
    const run = fakeRun({ members: [frozen(at)], top1, mapAtR: 0.3 });
    const { test: scores } = run.result;
    return scores ? { ...run, result: { ...run.result, test: { ...scores, topk: { 1: top1, 10: 1 } } } } : run;
  };
  const list = resultRows([perfect('a', 0.7), perfect('b', 0.8)]);
  expect(names(orderRows(list, bestFirst(HEADLINE), 'test', labels))).toEqual(['Beta, frozen', alpha]);
  // As in the table of the comparison.
  expect(names(sortRows(list, bestFirst(HEADLINE), 'test', () => ''))).toEqual(['Beta, frozen', alpha]);
});

test('of equals a single model stands before an ensemble, and frozen before fine-tuned, whichever was scored first', () => {
  const equals = [
    fakeRun({ members: [frozen('a'), frozen('b')], combine: 'mean', top1: 0.9, mapAtR: 0.5 }),
    fakeRun({ members: [finetuned('a')], top1: 0.9, mapAtR: 0.5 }),
    fakeRun({ members: [frozen('b')], top1: 0.9, mapAtR: 0.5 }),
    fakeRun({ members: [frozen('a')], top1: 0.9, mapAtR: 0.5 }),
  ];
  for (const some of [equals, equals.toReversed()]) {
    const list = resultRows(some);
    expect(names(orderRows(list, bestFirst(HEADLINE), 'test', labels))).toEqual([
      alpha,
      'Beta, frozen',
      'Alpha, fine-tuned, cosine',
      'Alpha + Beta, ensemble, mean, frozen',
    ]);
    expect(bestRows(list, 'test', HEADLINE)?.rows[0].runs[0].choice.members).toEqual([frozen('a')]);
  }
});

test('the lowest median rank comes first where the best do', () => {
  const ranked = (at: string, value: number) => {
    const run = fakeRun({ members: [frozen(at)], top1: 0.5, mapAtR: 0.3 });
    const { test: scores } = run.result;
    const metrics = { medianRank: { value, interval: null, macro: null } };
    return scores ? { ...run, result: { ...run.result, test: { ...scores, metrics } } } : run;
  };
  const list = resultRows([ranked('a', 3), ranked('b', 1.5)]);
  expect(names(orderRows(list, bestFirst(metricOf('medianRank')), 'test', labels))).toEqual(['Beta, frozen', alpha]);
});

test('columns are those that were chosen, else as many as there is room for; the judged one is always there', () => {
  expect(shownMetrics(null, false, HEADLINE)).toEqual(COLUMNS);
  expect(shownMetrics(null, true, HEADLINE).map(({ key }) => key)).toContain('rPrecision');
  expect(shownMetrics(null, false, metricOf('rPrecision'))).toContain(metricOf('rPrecision'));
  const chosen = ['mrr', 'precision5'] as const;
  expect(shownMetrics(chosen, false, HEADLINE).map(({ key }) => key)).toEqual(['top10', 'precision5', 'mrr']);
  expect(shownMetrics([], false, HEADLINE)).toEqual([HEADLINE]);
});

test('the scale of the intervals is one for all, and holds them all', () => {
  const [from, to] = scaleOf(rows, 'test', [metricOf('top1'), HEADLINE]);
  const lows = rows.flatMap(({ runs: of }) => scoreOfRuns(of, 'test', metricOf('top1'))?.interval?.[0] ?? []);
  expect(from).toBeLessThanOrEqual(Math.min(...lows));
  expect(to).toBe(1);
  expect(scaleOf([], 'test', [HEADLINE])).toEqual([0.9, 1]);
});

test('a model and its rankings stand together, in the order of the rankings, where the best of them stands', () => {
  const ranked = (rank: 'plain' | 'class' | 'cover', top1: number) => {
    const run = fakeRun({ members: [finetuned('b')], top1, mapAtR: 0.2 });
    return { ...run, id: `${run.id}~${rank}`, choice: { ...run.choice, rank } };
  };
  const alone = fakeRun({ members: [frozen('a')], top1: 0.75, mapAtR: 0.9 });
  const all = resultRows([ranked('cover', 0.8), alone, ranked('plain', 0.7), ranked('class', 0.72)]);
  const groups = rankingGroups(orderRows(all, { by: 'top1', descending: true }, 'test', labels));
  expect(groups.map((group) => group.map(({ runs: [{ choice }] }) => choice.rank))).toEqual([
    ['plain', 'class', 'cover'],
    ['plain'],
  ]);
  expect(names(all)[0]).toBe('Beta, fine-tuned, cosine, by cover');
});

test('what all heads have in common is said once', () => {
  const head = (recipe: Parameters<typeof fakeRun>[0]['recipe']) =>
    fakeRun({ members: [finetuned('a')], top1: 0.5, mapAtR: 0.3, recipe: { epochs: 30, ...recipe } });
  const some = [head({}), head({ dropout: 0.2 }), fakeRun({ members: [frozen('a')], top1: 0.5, mapAtR: 0.3 })];
  expect(sharedParts(some)).toEqual(['cosine', 'epochs 30']);
  expect(some.map((run) => headDetail(run, sharedParts(some)))).toEqual([
    'fine-tuned',
    'fine-tuned, dropout 0.2',
    'frozen',
  ]);
  const [plain, dropout] = resultRows(some);
  expect(plain && rowWords(plain, labels, sharedParts(some))).toBe('Alpha, fine-tuned');
  expect(dropout && rowWords(dropout, labels, sharedParts(some))).toBe('Alpha, fine-tuned, dropout 0.2');
  expect(sharedSentence(some)).toBe('All heads: cosine classifier, at most 30 epochs, learning rate 0.0001, seed 0.');
  expect(sharedSentence([head({}), head({ seed: 1, epochs: 40 })])).toBe(
    'All heads: cosine classifier, learning rate 0.0001.',
  );
  expect(some.slice(0, 1).map((run) => headDetail(run, sharedParts(some.slice(0, 1))))).toEqual(['fine-tuned']);
  expect(sharedSentence(some.slice(2))).toBeNull();
});

test('two heads from files for one backbone are told apart, as the search tells them', () => {
  const [a, b] = ['a1b2c3d4', 'ffee0011'].map((loaded) => {
    const run = fakeRun({ members: [finetuned('a')], top1: 0.5, mapAtR: 0.3 });
    return { ...run, choice: { ...run.choice, loaded } };
  });
  if (!a || !b) throw new Error('There are two.');
  expect(modelDetail(a)).toBe('fine-tuned, cosine, head from a file (a1b2c3)');
  expect(runWords(a, { a: 'Alpha' })).not.toBe(runWords(b, { a: 'Alpha' }));
  expect(runLabel({ label: () => 'Alpha' }, a.choice)).toBe('Alpha, fine-tuned, head from a file (a1b2c3)');
});

test('a name that the user gave is shown in place of the members, and the members are still told', () => {
  const [first] = runs;
  if (!first) throw new Error('There is one.');
  const named = resultRows([{ ...first, name: 'For the paper' }]);
  expect(names(named)).toEqual(['For the paper, frozen']);
});

test('ticks make A and B; a third takes B’s place; A goes only where B can follow', () => {
  expect(toggled('x', { a: null, b: null })).toEqual({ a: 'x' });
  expect(toggled('x', { a: 'a', b: null })).toEqual({ b: 'x' });
  expect(toggled('x', { a: 'a', b: 'b' })).toEqual({ b: 'x' });
  expect(toggled('b', { a: 'a', b: 'b' })).toEqual({ b: null });
  expect(toggled('a', { a: 'a', b: 'b' })).toEqual({ a: 'b', b: null });
  expect(toggled('a', { a: 'a', b: null })).toEqual({});
});

test('the axis holds all intervals and 0', () => {
  expect(axisOf([], 'share')).toEqual([-0.01, 0.01]);
  const [low, high] = axisOf(
    [
      { difference: 0.05, interval: [0.021, 0.084] },
      { difference: 0.06, interval: [0.03, 0.12] },
    ],
    'share',
  );
  expect(axisOf([{ difference: 1, interval: [-0.4, 2.2] }], 'rank')).toEqual([-1, 3]);
  expect(low).toBeLessThan(0);
  expect(high).toBeGreaterThanOrEqual(0.12);
});

test('says how many queries count, and why others do not', () => {
  const query = (className: string | null): ImageRecord => ({
    ...{ datasetId: 'd', path: 'q.jpg', split: 'query', file: 'q.jpg', className },
    ...{ bytes: 1, hash: 'q', width: 1, height: 1 },
  });
  // The synthetic runs count 180 queries and skip 2.
  expect(countedSentence(runs, 'test', [query('x'), query(null)])).toBe(
    'Test: 180 of 182 queries count; left out: 1 query without a class, 1 whose class no labelled gallery image has.',
  );
  expect(countedSentence(runs, 'test', [query(null), query(null)])).toBe(
    'Test: 180 of 182 queries count; left out: 2 queries without a class.',
  );
  const excluded = (['query', 'query', 'gallery', 'training'] as const).map((split) => ({ split }));
  expect(countedSentence(runs, 'test', [query(null), query(null)], excluded)).toBe(
    'Test: 180 of 182 queries count; left out: 2 queries without a class. Excluded by hand: 2 queries, 1 gallery image, 1 training image.',
  );
  expect(countedSentence(runs, 'validation', [], excluded)).toMatch(/ Excluded by hand: 1 training image\.$/);
  expect(countedSentence(runs, 'validation', [], excluded.slice(0, 3))).not.toContain('Excluded');
  expect(countedSentence(runs, 'validation', [])).toContain('Validation: 84 queries from training');
  expect(countedSentence([], 'test', [])).toMatch(/^No query has a known class/);
});

test('says why there is no test figure', () => {
  const unlabelled = runs.slice(4);
  const counts = { training: 10, query: 5, gallery: 5 };
  expect(noTestSentence(runs, counts, [])).toBeNull();
  expect(noTestSentence(unlabelled, counts, [])).toContain('no labels');
  const apart = (['query', 'gallery'] as const).map((split) => ({ split, className: split }));
  expect(noTestSentence(unlabelled, counts, apart)).toContain('No query’s class is in the gallery');
  expect(noTestSentence(unlabelled, counts, [])).toContain('Validation results are shown instead');
  expect(noTestSentence(unlabelled, { ...counts, query: 0 }, [])).toContain('no query images');
  expect(noTestSentence(unlabelled, { ...counts, gallery: 0 }, [])).toContain('no gallery images');
});

test('a run over a part of the images says so, comes last, and does not add to the queries that there are', () => {
  const [one, other] = [fakeRun({ members: [frozen('a')], top1: 0.5, mapAtR: 0.9 }), runs[1]];
  const scores = one.result.test;
  if (!scores || !other) expect.fail('Nothing was scored.');
  const whole = { ...one, result: { ...one.result, test: { ...scores, gallery: 1648 } } };
  const all = { queries: scores.queries, gallery: 1648 };
  const over = (changes: Partial<typeof scores>) => ({
    ...other,
    result: { ...other.result, test: { ...scores, topk: { 1: 0.9, 10: 1 }, ...changes } },
  });
  const queries = scores.queries - 20;
  const part = over({ queries, skipped: 20, gallery: 1648 });
  const easier = over({ gallery: 300 });
  expect(apartWords(part, 'test', all)).toBe(`judged on ${queries} of ${scores.queries} queries`);
  expect(apartWords(easier, 'test', all)).toBe('judged against 300 of 1,648 gallery images');
  expect(apartWords(over({ queries, gallery: 300 }), 'test', all)).toBe(
    `judged on ${queries} of ${scores.queries} queries against 300 of 1,648 gallery images`,
  );
  expect(apartWords(whole, 'test', all)).toBeNull();
  // A head from a file may have learned to tell others apart.
  const foreign = { ...whole, classesKnown: { known: 0, of: 34 } };
  expect(apartWords(foreign, 'test', all)).toBe('knows 0 of the 34 classes here');
  expect(apartWords({ ...part, classesKnown: { known: 1, of: 1 } }, 'test', all)).toBe(
    `knows 1 of the 1 class here, judged on ${queries} of ${scores.queries} queries`,
  );
  expect(apartWords(over({}), 'test', all)).toBeNull();
  expect(countedSentence([whole, part], 'test', [])).toBe(countedSentence([whole], 'test', []));
  for (const run of [part, easier]) {
    const list = resultRows([run, whole]);
    const first = ({ runs: [{ id }] }: (typeof list)[number]) => id;
    const order = { by: 'top1', descending: true } as const;
    expect(orderRows(list, order, 'test', labels).map(first)).toEqual([whole.id, run.id]);
    expect(sortRows(list, order, 'test', first).map(first)).toEqual([whole.id, run.id]);
    expect(bestValue(list, 'test', metricOf('top1'))).toBeNull();
  }
});
