import { expect, test } from 'vitest';
import { latexTable, latexText } from '../../../src/exports/latex.ts';
import { resultsTable } from '../../../src/exports/results-table.ts';
import { expectGolden } from './golden.ts';
import { frozenRun, HOSTILE, trainedRun } from './synthetic.ts';

test.each([
  ['50% & $5 #1 a_b {c} \\d', '50\\% \\& \\$5 \\#1 a\\_b \\{c\\} \\textbackslash{}d'],
  ['~^', '\\textasciitilde{}\\textasciicircum{}'],
  ['café Ångström', 'caf\\\'{e} \\r{A}ngstr\\"{o}m'],
  ['e\u0301', "\\'{e}"],
  ['a--b', 'a-{}-b'],
  ['🍎 中', '[U+1F34E] [U+4E2D]'],
  ['line\nbreak\ttab', 'line break tab'],
  ['\u0301x\u0007', '[U+0301]x[U+0007]'],
])('sets %j as it is', (text, latex) => {
  expect(latexText(text)).toBe(latex);
});

test('writes nothing but ASCII, whatever the names', () => {
  expect(latexTable(resultsTable([frozenRun, trainedRun], 'test'), HOSTILE, 'tab:x')).toMatch(/^[\x20-\x7e\n]*$/);
});

test('a table as it was checked by eye and by pdflatex', async () => {
  const table = latexTable(resultsTable([frozenRun, trainedRun], 'test'), 'Results, 95 %', 'tab:test-results');
  await expectGolden(table, 'results.tex');
});

test('has as many cells in each line as columns', () => {
  const table = latexTable(resultsTable([frozenRun, trainedRun], 'test'), 'c', 'l');
  const lines = table.split('\n').filter((line) => line.endsWith('\\\\'));
  expect(lines).toHaveLength(3);
  expect(new Set(lines.map((line) => line.match(/(?<!\\)&/g)?.length))).toEqual(new Set([9]));
});
