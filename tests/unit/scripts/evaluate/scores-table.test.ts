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
  timing: { extractMs: 0, imagesPerSecond: null, trainMs: 0, indexBuildMs: 0, queryMsP50: 0 },
};

test('shows shares in percent, a row a run', () => {
  expect(scoresTable([run, { ...run, model: 'm', test: null }]).split('\n')).toEqual([
    'run              top-1  top-10  mAP@R   MRR',
    'resnet50.frozen   68.1   100.0   32.8  75.0',
    'm.frozen             –       –      –     –',
  ]);
});
