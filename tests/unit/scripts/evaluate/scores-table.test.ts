import { expect, test } from 'vitest';
import { scoresTable } from '../../../../scripts/evaluate/scores-table.ts';
import type { RunResult } from '../../../../src/exports/report.ts';

const run: RunResult = {
  model: 'resnet50',
  head: 'frozen',
  classifier: null,
  combine: null,
  seed: 0,
  weights: [],
  test: { queries: 2, skipped: 0, topk: { '1': 0.681, '10': 1 }, mapAtR: 0.328, mrr: 0.75, ci95: {} },
  validation: null,
  training: null,
  rank: 'plain',
  posterior: null,
  index: 'exact',
  timing: { extractMs: 0, imagesPerSecond: null, trainMs: 0, indexBuildMs: 0, queryMsP50: 0 },
};

test('shows shares in per cent, a row a run', () => {
  expect(scoresTable([run, { ...run, model: 'm', test: null }]).split('\n')).toEqual([
    'run              Top-1  Top-10  mAP@R   MRR',
    'resnet50.frozen   68.1   100.0   32.8  75.0',
    'm.frozen             –       –      –     –',
  ]);
});

test('shows dashes where no run was scored: a gallery or queries may be missing', () => {
  const [head, row] = scoresTable([{ ...run, test: null }]).split('\n');
  expect(head).toContain('Top-10');
  expect(row).toMatch(/^resnet50\.frozen( +–)+$/);
});

test('shows every metric where a line holds them, and seeds with their mean and deviation', () => {
  const seed = (at: number, value: number): RunResult => ({
    ...run,
    head: 'finetuned',
    classifier: 'cosine',
    seed: at,
    test: run.test && { ...run.test, metrics: { rPrecision: { value, interval: null, macro: null } } },
  });
  const runs = [seed(0, 0.5), seed(1, 0.6)];
  expect(
    scoresTable(runs)
      .split('\n')
      .map((line) => line.replace(/ {2,}/g, ' | ')),
  ).toEqual([
    'run | Top-1 | Top-10 | mAP@R | R-prec. | MRR',
    'resnet50.finetuned.cosine.seed0 | 68.1 | 100.0 | 32.8 | 50.0 | 75.0',
    'resnet50.finetuned.cosine.seed1 | 68.1 | 100.0 | 32.8 | 60.0 | 75.0',
    'resnet50.finetuned.cosine, mean ± sd | 68.1 ± 0.0 | 100.0 ± 0.0 | 32.8 ± 0.0 | 55.0 ± 7.1 | 75.0 ± 0.0',
  ]);
  expect(scoresTable(runs, 90).split('\n')[0]).not.toContain('R-prec.');
});

test('says which runs searched a part of the gallery alone', () => {
  const against = (model: string, gallery: number): RunResult => ({
    ...run,
    model,
    test: run.test && { ...run.test, gallery },
  });
  const lines = scoresTable([against('whole', 1648), against('part', 300)]).split('\n');
  expect(lines.slice(3)).toEqual([
    'part.frozen was judged against 300 of 1,648 gallery images: it is not to be compared with the others.',
  ]);
  expect(scoresTable([against('whole', 1648), { ...run, model: 'earlier' }]).split('\n')).toHaveLength(3);
});
