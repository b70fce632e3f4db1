import { expect, test } from 'vitest';
import { chooseExamples } from '../../../src/exports/report-page/choose-examples.ts';
import { reportPage } from '../../../src/exports/report-page/page.ts';
import { expectGolden } from './golden.ts';
import { facts, frozenRun, HOSTILE, reportFacts } from './made-up.ts';

const words = (page: string) =>
  page
    .replace(/<style>.*<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
const bare = { ...facts, differences: [], figures: [], examples: null };

test('the report as it was checked by eye', async () => {
  await expectGolden(reportPage(reportFacts), 'report.html');
});

test('names are text wherever they stand', () => {
  const page = reportPage(reportFacts);
  expect(page).not.toContain(HOSTILE);
  expect(page).not.toContain('<b>50');
  expect(page).toContain('&lt;b&gt;50');
});

test('asks nobody for anything', () => {
  const page = reportPage(reportFacts);
  expect(page.match(/(?:src|href|action|data)="(?!data:image)[^"]*"/g)).toBeNull();
  expect(page).not.toMatch(/<script|<link|@import|url\(/);
  expect(page).toContain('content="default-src &#39;none&#39;;');
});

test('every element that is opened is closed, in order', () => {
  const open: string[] = [];
  const free = /^(meta|br|img|path|!doctype)$/;
  for (const [, end, name = ''] of reportPage(reportFacts).matchAll(/<(\/?)([a-z!][a-z0-9]*)[^>]*>/g)) {
    if (free.test(name)) continue;
    if (end === '') open.push(name);
    else expect(open.pop()).toBe(name);
  }
  expect(open).toEqual([]);
});

test('says that a difference is not carried, or that it is', () => {
  expect(words(reportPage(reportFacts))).toContain('accuracy, not separable from: ResNet-50, frozen.');
  const [difference] = reportFacts.differences;
  if (!difference) throw new Error('There is one.');
  const clear = { ...reportFacts, differences: [{ ...difference, interval: [0.001, 0.046] as const }] };
  const text = words(reportPage(clear));
  expect(text).toContain('the interval of the difference to ResNet-50, frozen leaves out zero');
  expect(text).not.toContain('not separable');
});

test('models of one accuracy share the first place', () => {
  const [difference] = reportFacts.differences;
  if (!difference) throw new Error('There is one.');
  const tie = { ...difference, difference: 0, interval: [-0.02, 0.02] as const };
  const worse = { ...difference, second: 'Worse', difference: 0.3, interval: [0.2, 0.4] as const };
  const text = (differences: (typeof difference)[]) => words(reportPage({ ...bare, differences }));
  expect(text([tie])).toContain('Ensemble, mean, seed 3; ResNet-50, frozen share the highest top-10 accuracy.');
  expect(text([tie, worse])).toContain('the difference to the 1 other scored on the same queries leaves out zero');
  expect(text([tie])).not.toContain('has the highest');
});

test('a pair without the best run makes no sentence about the best', () => {
  const [difference] = reportFacts.differences;
  if (!difference) throw new Error('There is one.');
  const pair = { ...bare, differences: [{ ...difference, firstIsHighest: false }] };
  expect(words(reportPage(pair))).not.toContain('has the highest');
});

test('says what is missing: test labels, heads, thumbnails, problems', () => {
  const { dataset } = facts;
  const page = words(
    reportPage({
      ...bare,
      dataset: { ...dataset, labelled: { training: 849, query: 0, gallery: 0 }, problems: [], groundTruth: null },
      runs: [{ ...frozenRun, result: { ...frozenRun.result, test: null } }],
    }),
  );
  expect(page).toContain('The labels of query and gallery are not known');
  expect(page).toContain('validation figures stand in');
  expect(page).toContain('No problems were found');
  expect(page).not.toMatch(/fine-tuned|ensemble|test results/i);
  const { examples } = reportFacts;
  const off = { ...reportFacts, examples: examples && { ...examples, thumbnails: false } };
  expect(words(reportPage(off))).toContain('Thumbnails were left out of this report');
});

test('examples are drawn by the seed from the queries that count', () => {
  const n = 60;
  const outcomes = {
    queries: Int32Array.from({ length: n }, (_, i) => i),
    relevant: Int32Array.from({ length: n }, (_, i) => (i % 5 === 0 ? 0 : 2)),
    firstHitRank: Int32Array.from({ length: n }, (_, i) => (i % 5 === 0 ? 0 : ([1, 0, 11, 10][i % 4] ?? 0))),
    apAtR: new Float64Array(n),
  };
  const chosen = chooseExamples(outcomes, 10, 4, 0);
  expect([chosen.right.length, chosen.failed.length]).toEqual([4, 4]);
  expect(chosen.right.every((i) => i % 4 === 0 && i % 5 !== 0)).toBe(true);
  expect(chosen.failed.every((i) => (i % 4 === 1 || i % 4 === 2) && i % 5 !== 0)).toBe(true);
  expect([chosen.rightOf, chosen.failedOf]).toEqual([12, 24]);
  expect(chooseExamples(outcomes, 10, 4, 0)).toEqual(chosen);
  expect(chooseExamples(outcomes, 10, 4, 1)).not.toEqual(chosen);
});
