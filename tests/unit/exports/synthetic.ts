import type { ProjectFacts, RunFacts } from '../../../src/exports/facts.ts';
import type { ReportPageFacts } from '../../../src/exports/report-page/facts.ts';
import { HEADLINE, METRICS } from '../../../src/metrics/registry.ts';
import type { Scores } from '../../../src/types.ts';

/** A name with what CSV, LaTeX, HTML, Markdown and TSV take for their own. */
export const HOSTILE = '=<b>50% & "π_{1}" | #~^\\é`';

/** As a version of the app without further metrics kept it: with bootstrap intervals of the shares. */
const scores = (top1: number, skipped = 0): Scores => ({
  queries: 120,
  skipped,
  topk: { '1': top1, '5': 0.9, '10': 0.975 },
  mapAtR: 0.4125,
  mrr: 0.8,
  ci95: { '1': [top1 - 0.05, top1 + 0.05], '5': [0.87, 0.95], '10': [0.95, 0.9917] },
});

/** The same with every metric. */
const whole = (top1: number, skipped = 0): Scores => ({
  ...scores(top1, skipped),
  metrics: Object.fromEntries(
    METRICS.map((metric, at) => {
      if (metric.format === 'rank') return [metric.key, { value: 1.5, interval: [1, 2], macro: 2.25 }];
      const value = metric.inReport?.(scores(top1)) ?? 0.9 - at / 40;
      return [metric.key, { value, interval: [value - 0.05, value + 0.02], macro: value - 0.01 }];
    }),
  ),
});

const recipe = {
  classifier: 'cosine',
  epochs: 200,
  patience: 10,
  learningRate: 1e-4,
  batch: 64,
  weightDecay: 0,
  dropout: 0.2,
  labelSmoothing: 0,
  scale: 8,
  seed: 3,
  refit: true,
} as const;

const timing = { extractMs: 0, imagesPerSecond: null, trainMs: 0, indexBuildMs: 0, queryMsP50: 0.4 };

export const frozenRun: RunFacts = {
  id: 'resnet50.tv_in1k:frozen',
  modelKey: 'resnet50.tv_in1k:frozen',
  model: 'ResNet-50',
  head: 'frozen',
  members: [{ weightsId: 'resnet50.tv_in1k', head: 'frozen' }],
  recipe: { ...recipe, seed: 0 },
  loaded: null,
  result: {
    model: 'resnet50',
    head: 'frozen',
    classifier: null,
    combine: null,
    seed: 0,
    weights: ['resnet50.tv_in1k'],
    test: scores(0.7, 4),
    validation: scores(0.72),
    training: null,
    rank: 'plain',
    posterior: null,
    index: 'exact',
    timing,
  },
};

export const trainedRun: RunFacts = {
  id: 'ensemble',
  modelKey: 'ensemble',
  model: `ResNet-50 + ${HOSTILE}`,
  head: 'fine-tuned (cosine, dropout 0.2)',
  members: [
    { weightsId: 'resnet50.tv_in1k', head: 'finetuned' },
    { weightsId: 'own', head: 'frozen' },
  ],
  recipe,
  loaded: null,
  result: {
    model: 'resnet50+deit_tiny_patch16_224:frozen',
    head: 'finetuned',
    classifier: 'cosine',
    combine: 'mean',
    seed: 3,
    weights: ['resnet50.tv_in1k', 'own'],
    test: whole(0.8, 4),
    validation: null,
    training: { epochs: 40, bestEpoch: 30, bestValLoss: 0.5 },
    rank: 'plain',
    posterior: null,
    index: 'exact',
    timing,
  },
};

export const facts: ProjectFacts = {
  app: 'Likeness 0.0.0',
  writtenAt: '2026-01-02T03:04:05.678Z',
  environment: { backend: 'webgpu', adapter: 'Test adapter', userAgent: 'Test browser', workers: 1 },
  dataset: {
    name: HOSTILE,
    digest: 'd'.repeat(64),
    classes: 36,
    counts: { training: 849, query: 124, gallery: 648 },
    excluded: { training: 0, query: 0, gallery: 0 },
    byHand: { training: 0, query: 0, gallery: 0 },
    clustered: [],
    labelled: { training: 849, query: 120, gallery: 648 },
    problems: [{ kind: 'undecodable', count: 2 }],
    groundTruth: 'labels.csv',
    trainingLabels: 'folders',
    namesAsClasses: false,
  },
  weights: [
    {
      id: 'resnet50.tv_in1k',
      label: 'ResNet-50',
      architecture: 'resnet50',
      features: 2048,
      sha256: 'a'.repeat(64),
      licence: 'BSD-3-Clause',
      repository: 'timm/resnet50.tv_in1k',
      revision: 'main',
      preprocessing: {
        size: 224,
        cropPct: 0.875,
        interpolation: 'bilinear',
        mean: [0.485, 0.456, 0.406],
        std: [0.229, 0.224, 0.225],
      },
    },
    {
      id: 'own',
      label: HOSTILE,
      architecture: 'deit_tiny_patch16_224',
      features: 192,
      sha256: null,
      licence: null,
      repository: null,
      revision: null,
      preprocessing: null,
    },
  ],
  runs: [frozenRun, trainedRun],
  fileNames: ['resnet50.frozen', 'resnet50+deit_tiny_patch16_224-frozen.finetuned.cosine.mean.seed3'],
  bootstrap: { seed: 0, resamples: 1000, level: 0.95 },
};

export const reportFacts: ReportPageFacts = {
  ...facts,
  metric: HEADLINE,
  differences: [
    {
      split: 'test',
      metric: HEADLINE,
      first: 'Ensemble, mean, seed 3',
      second: 'Third, frozen',
      firstIsBest: true,
      difference: 0.021,
      interval: [-0.004, 0.046],
      queries: 120,
    },
  ],
  figures: [
    {
      id: 'topk-accuracy',
      title: 'Top-k accuracy',
      summary: 'Rises from 70.0 to 97.5.',
      svg: '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><path d="M0 0L10 10"/></svg>',
      columns: [
        { title: 'k', numeric: true },
        { title: 'ResNet-50 (%)', numeric: true },
      ],
      rows: [
        [1, 70],
        [10, null],
      ],
    },
  ],
  examples: {
    run: 'ResNet-50, frozen',
    split: 'test',
    seed: 0,
    failedAt: 10,
    rightOf: 84,
    failedOf: 0,
    right: [
      {
        query: { file: `a/${HOSTILE}.jpg`, className: HOSTILE, picture: 'data:image/jpeg;base64,AAAA' },
        firstHitRank: 1,
        neighbours: [
          { file: 'g/1.jpg', className: HOSTILE, picture: null, similarity: 0.934, right: true },
          { file: 'g/2.jpg', className: null, picture: null, similarity: -0.2, right: false },
        ],
      },
    ],
    failed: [],
    thumbnails: true,
  },
};
