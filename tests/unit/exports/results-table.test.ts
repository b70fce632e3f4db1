import { expect, test } from 'vitest';
import { parseCsv } from '../../../src/data/csv.ts';
import {
  markdownTable,
  markdownText,
  metricsOf,
  resultsCsv,
  resultsTable,
} from '../../../src/exports/results-table.ts';
import { expectGolden } from './golden.ts';
import { frozenRun, trainedRun } from './synthetic.ts';

const runs = [frozenRun, trainedRun];

test('leaves out runs that were not scored on the split', () => {
  expect(resultsTable(runs, 'test').rows).toHaveLength(2);
  expect(resultsTable(runs, 'validation').rows.map(([model]) => model)).toEqual(['ResNet-50']);
});

test('gives accuracy in per cent with its interval, and a seed only where another could matter', () => {
  expect(resultsTable(runs, 'test').rows[0]).toEqual([
    ...['ResNet-50', 'frozen', '', '', '120'],
    // Wilson's of 84, 108 and 117 of 120, whatever was kept.
    ...['70.0 [61.3, 77.5]', '90.0 [83.3, 94.2]', '97.5 [92.9, 99.1]', '41.3', '80.0'],
  ]);
  expect(resultsTable(runs, 'test').rows[1]?.slice(2, 4)).toEqual(['mean', '3']);
});

test('says nothing where a run was not scored at that k', () => {
  const { test: measured } = frozenRun.result;
  if (!measured) throw new Error('The synthetic run is scored.');
  const other = { ...frozenRun, result: { ...frozenRun.result, test: { ...measured, topk: { '2': 0.5 }, ci95: {} } } };
  const { columns, rows } = resultsTable([frozenRun, other], 'test');
  expect(columns.map(({ title }) => title).slice(5, 9)).toEqual(['Top-1 (%)', 'Top-2 (%)', 'Top-5 (%)', 'Top-10 (%)']);
  expect(rows[1]?.slice(5, 9)).toEqual(['', '50.0 [41.2, 58.8]', '', '']);
});

test('further metrics have a table of their own, and gaps where a run was scored before they were', () => {
  const further = metricsOf(runs, 'test').filter(({ always }) => !always);
  const { columns, rows } = resultsTable(runs, 'test', further);
  expect(columns.slice(5).map(({ title }) => title)).toEqual([
    'P@1 (%)',
    'P@5 (%)',
    'P@10 (%)',
    'R-prec. (%)',
    'Median rank',
  ]);
  expect(rows.map((row) => row.slice(8))).toEqual([
    ['', ''],
    ['72.5 [67.5, 74.5]', '1.5 [1, 2]'],
  ]);
  // Validation knows none of them.
  expect(metricsOf(runs, 'validation').every(({ always }) => always)).toBe(true);
});

test('says how much of the gallery each run searched, where one searched a part of it', () => {
  const against = (run: typeof frozenRun, gallery: number) => {
    const { test } = run.result;
    return { ...run, result: { ...run.result, test: test && { ...test, gallery } } };
  };
  const table = resultsTable([against(frozenRun, 300), against(trainedRun, 648)], 'test');
  expect(table.columns[5]?.title).toBe('Gallery');
  expect(table.rows.map((row) => row[5])).toEqual(['300', '648']);
  const alike = resultsTable([against(frozenRun, 648), against(trainedRun, 648)], 'test');
  expect(alike.columns.map(({ title }) => title)).not.toContain('Gallery');
  const [head, ...lines] = [...parseCsv(resultsCsv([against(frozenRun, 300)]))].map(({ fields }) => fields);
  expect(lines[0]?.[head?.indexOf('gallery') ?? -1]).toBe('300');
});

test('the CSV keeps every digit and has one width', async () => {
  const csv = resultsCsv(runs);
  const records = [...parseCsv(csv)].map(({ fields }) => fields);
  expect(new Set(records.map((fields) => fields.length)).size).toBe(1);
  expect(records).toHaveLength(4);
  expect(records[1]).toContain('0.4125');
  await expectGolden(csv, 'results.csv');
});

test('the Markdown as it was checked by eye', async () => {
  await expectGolden(markdownTable(resultsTable(runs, 'test')), 'results.md');
});

test('no name ends a cell of Markdown or becomes a tag', () => {
  expect(markdownText('a|b\n<img src=x> *c* [d](e) &amp;')).toBe('a\\|b &lt;img src=x\\> \\*c\\* \\[d\\](e) \\&amp;');
});
