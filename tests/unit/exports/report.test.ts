import { parse, safeParse } from 'valibot';
import { expect, test } from 'vitest';
import { type RunResult, reportJson, runName, runResultSchema } from '../../../src/exports/report.ts';
import { wilsonInterval } from '../../../src/metrics/intervals.ts';

const run: RunResult = {
  model: 'resnet50',
  head: 'frozen',
  classifier: null,
  combine: null,
  seed: 0,
  weights: ['resnet50.tv_in1k'],
  test: {
    queries: 2,
    skipped: 1,
    gallery: 9,
    topk: { '1': 0.5, '10': 1 },
    mapAtR: 0.25,
    mrr: 0.75,
    ci95: { '1': wilsonInterval(1, 2), '10': wilsonInterval(2, 2) },
  },
  validation: null,
  training: null,
  rank: 'plain',
  posterior: null,
  index: 'exact',
  timing: { extractMs: 12, imagesPerSecond: 4, trainMs: 0, indexBuildMs: 0, queryMsP50: 0.1 },
};
const none = { training: 0, query: 0, gallery: 0 };
const dataset = { classes: 3, training: 6, query: 3, gallery: 9, byHand: none, excluded: none, problems: [] };
const environment = { backend: 'wasm', adapter: null, userAgent: 'test', workers: 2 } as const;

test('has the keys of the contract', () => {
  const report: unknown = JSON.parse(reportJson(dataset, environment, [run]));
  expect(report).toEqual({ version: 1, dataset, environment, runs: [run] });
});

test('a stored run reads back as it was, and a foreign one is refused', () => {
  expect(parse(runResultSchema, JSON.parse(JSON.stringify(run)))).toEqual(run);
  expect(safeParse(runResultSchema, { ...run, head: 'thawed' }).success).toBe(false);
  expect(safeParse(runResultSchema, null).success).toBe(false);
});

test('a run that was stored before metrics had a registry has Wilson’s intervals, and what it did not keep is missing', () => {
  const before = { ...run, test: { ...run.test, ci95: { '10': [1, 1] } } };
  expect(parse(runResultSchema, before)).toEqual(run);
  const metrics = {
    rPrecision: { value: 0.5, interval: [0.1, 0.9], macro: 0.4 },
    medianRank: { value: null, interval: null, macro: null },
  };
  const now = { ...run, test: { ...run.test, metrics } };
  expect(parse(runResultSchema, now)).toEqual(now);
  const broken = {
    ...run,
    test: { ...run.test, metrics: { rPrecision: { value: 'high', interval: null, macro: null } } },
  };
  expect(safeParse(runResultSchema, broken).success).toBe(false);
});

test('a run that was stored before there were rankings is plain, and one that was ranked keeps how', () => {
  const { rank: _, posterior: __, ...before } = run;
  expect(parse(runResultSchema, before)).toEqual(run);
  const ranked = { ...run, rank: 'cover', posterior: { scales: [12.5, 16], floor: 0.4, images: 250, open: false } };
  expect(parse(runResultSchema, ranked)).toEqual(ranked);
  expect(safeParse(runResultSchema, { ...run, rank: 'best' }).success).toBe(false);
});

test('names runs apart, in names that every file system takes', () => {
  const ensemble = {
    model: 'resnet50+resnet50:frozen',
    classifier: 'cosine',
    combine: 'mean',
    seed: 2,
    rank: 'plain',
  } as const;
  expect(runName(run)).toBe('resnet50.frozen');
  expect(runName({ ...ensemble, head: 'finetuned' })).toBe('resnet50+resnet50-frozen.finetuned.cosine.mean.seed2');
  expect(runName({ ...ensemble, head: 'finetuned', rank: 'cover' })).toMatch(/seed2\.cover$/);
  expect(runName({ ...run, rank: 'class' })).toBe('resnet50.frozen.class');
  const frozen = { ...ensemble, head: 'frozen', classifier: null } as const;
  // Its members go through seeded projections.
  expect([0, 1].map((seed) => runName({ ...frozen, seed }))).toEqual([
    'resnet50+resnet50-frozen.frozen.mean.seed0',
    'resnet50+resnet50-frozen.frozen.mean.seed1',
  ]);
  // Side by side there is nothing random about them.
  expect(runName({ ...frozen, combine: 'concat' })).toBe('resnet50+resnet50-frozen.frozen.concat');
});
