import { expect, test } from 'vitest';
import type { RunFacts } from '../../../src/exports/facts.ts';
import { chooseExamples } from '../../../src/exports/report-page/examples.ts';
import { reportPage } from '../../../src/exports/report-page/page.ts';
import { HEADLINE, metricOf } from '../../../src/metrics/registry.ts';
import { BACKENDS } from '../../../src/search/backends.ts';
import { expectGolden } from './golden.ts';
import { facts, frozenRun, HOSTILE, reportFacts } from './synthetic.ts';

const words = (page: string) =>
  page
    .replace(/<style>.*<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
const bare = { ...facts, metric: HEADLINE, differences: [], figures: [], examples: null };

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

test('its settings name each run with its ranking and how its members are combined', () => {
  const { result } = frozenRun;
  const runs = [frozenRun, { ...frozenRun, result: { ...result, combine: 'concat', rank: 'class' } } as const];
  const settings = words(reportPage({ ...reportFacts, runs })).split('Environment and settings')[1];
  expect(settings).toContain(`${frozenRun.model}, ${frozenRun.head}, concat, by class`);
});

/** The frozen run with other scores on test. */
const scored = (model: string, topk: Readonly<Record<string, number>>): RunFacts => {
  const { test } = frozenRun.result;
  return { ...frozenRun, modelKey: model, model, result: { ...frozenRun.result, test: test && { ...test, topk } } };
};

test('says that a difference is not carried, or that it is', () => {
  const text = words(reportPage(reportFacts));
  expect(text).toContain('share the highest top-10 accuracy: 97.5 [92.5, 99.5] %. Not separable from: Third, frozen.');
  const [difference] = reportFacts.differences;
  if (!difference) throw new Error('There is one.');
  const clear = { ...reportFacts, differences: [{ ...difference, interval: [0.001, 0.046] as const }] };
  expect(words(reportPage(clear))).toContain('The interval of the difference to Third, frozen excludes zero.');
  expect(words(reportPage(clear))).not.toContain('not separable');
});

test('names the best run, and all that share the first place', () => {
  const text = (...runs: RunFacts[]) => words(reportPage({ ...bare, runs }));
  expect(text(scored('A', { '1': 0.5, '10': 0.8 }), scored('B', { '1': 0.4, '10': 0.9 }))).toContain(
    'B, frozen has the highest top-10 accuracy: 90.0 [83.3, 94.2] %.',
  );
  const tie = text(
    scored('A', { '1': 0.5, '10': 0.9 }),
    scored('B', { '1': 0.4, '10': 0.9 }),
    scored('C', { '10': 0.1 }),
  );
  expect(tie).toContain('A, frozen; B, frozen share the highest top-10 accuracy');
});

test('where several are perfect, top-1 decides, and that is said', () => {
  const text = words(
    reportPage({ ...bare, runs: [scored('A', { '1': 0.5, '10': 1 }), scored('B', { '1': 0.7, '10': 1 })] }),
  );
  expect(text).toContain(
    '2 models are perfect in top-10 accuracy, which cannot tell them apart: top-1 accuracy decides. Of these, B, frozen has the highest top-1 accuracy: 70.0',
  );
});

test('one metric rules the first sentence, the verdict and the differences', () => {
  const runs = [scored('A', { '1': 0.5, '10': 0.9 }), scored('B', { '1': 0.7, '10': 0.8 })];
  const page = (metric: typeof HEADLINE) => words(reportPage({ ...bare, metric, runs }));
  expect(page(HEADLINE)).toMatch(/1 Task and data/);
  const [summary = ''] = page(metricOf('top1')).split('1 Task and data');
  expect(summary).toContain('B, frozen has the highest top-1 accuracy: 70.0');
  expect(page(metricOf('top1'))).not.toContain('has the highest top-10');
});

test('seeds of one model count by their mean', () => {
  const seed = (at: number, share: number) => ({
    ...scored('A', { '10': share }),
    id: `A${at}`,
    result: { ...scored('A', { '10': share }).result, seed: at },
  });
  const text = words(reportPage({ ...bare, runs: [seed(0, 0.7), scored('B', { '10': 0.82 }), seed(1, 0.9)] }));
  expect(text).toContain('B, frozen has the highest top-10 accuracy: 82.0');
  expect(words(reportPage({ ...bare, runs: [seed(0, 0.8), seed(1, 0.9)] }))).toContain(
    'A, frozen, mean of 2 seeds has the highest top-10 accuracy: 85.0 ± 7.1 %.',
  );
});

test('begins with a summary to quote: the best, its interval, against the baseline, one example', () => {
  const descriptor = scored('Colour', { '10': 0.4 });
  const baseline = { ...descriptor, result: { ...descriptor.result, model: 'colour-gradient' } };
  const runs = [baseline, scored('A', { '10': 0.6 }), scored('B', { '10': 0.9 })];
  const [difference] = reportFacts.differences;
  if (!difference) throw new Error('There is one.');
  const against = {
    ...difference,
    first: 'B, frozen',
    second: 'Colour, frozen',
    difference: 0.5,
    interval: [0.41, 0.58] as const,
  };
  const [summary = ''] = words(reportPage({ ...reportFacts, runs, differences: [against] })).split('1 Task and data');
  expect(summary).toContain('B, frozen has the highest top-10 accuracy: 90.0 [83.3, 94.2] %.');
  expect(summary).toContain('Measured with 120 test queries');
  expect(summary).toContain(
    'Against the baseline, Colour, frozen (40.0 [31.7, 48.9] %): +50.0 [+41.0, +58.0] points of top-10 accuracy.',
  );
  expect(summary).toContain('One test query and its first neighbours by ResNet-50, frozen:');
  // A baseline that is the best is not compared with itself.
  expect(words(reportPage({ ...bare, runs: [baseline] }))).not.toContain('Against the baseline');
});

test('a pair without the best run says nothing of the best', () => {
  const [difference] = reportFacts.differences;
  if (!difference) throw new Error('There is one.');
  const pair = { ...bare, differences: [{ ...difference, firstIsBest: false }] };
  expect(words(reportPage(pair))).not.toContain('Not separable from');
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
  expect(page).toContain('the validation figures are given instead');
  expect(page).toContain('No problems were found');
  expect(page).not.toMatch(/fine-tuned|ensemble|test results/i);
  const { examples } = reportFacts;
  const off = { ...reportFacts, examples: examples && { ...examples, thumbnails: false } };
  expect(words(reportPage(off))).toContain('Thumbnails were left out of this report');
});

test('says how many labels were set by hand, and what those of training images come from', () => {
  const said = (change: Partial<typeof facts.dataset>) =>
    words(reportPage({ ...bare, dataset: { ...facts.dataset, ...change } }));
  expect(said({})).not.toContain('by hand');
  expect(said({})).toContain('those of the training images come from their class folders.');
  expect(said({ byHand: { training: 2, query: 0, gallery: 1 } })).toContain(
    '3 labels were set by hand (2 of training, 1 of gallery).',
  );
  expect(said({ trainingLabels: 'ground truth', namesAsClasses: true })).toContain(
    'those of the training images come from that file, and from their class folders and the names of their files where it names none.',
  );
  // A folder without classes that a user labelled in the app.
  const alone = { counts: { training: 0, query: 0, gallery: 60 }, labelled: { training: 0, query: 0, gallery: 21 } };
  const text = said({ ...alone, groundTruth: null, byHand: { training: 0, query: 0, gallery: 21 } });
  expect(text).toContain(
    'Labels of query and gallery were all set by hand, which do not cover every image. 21 labels were set by hand',
  );
  expect(text).not.toContain('class folders');
});

test('says which labels a model made itself by its clusters', () => {
  const said = (clustered: typeof facts.dataset.clustered) =>
    words(
      reportPage({ ...bare, dataset: { ...facts.dataset, byHand: { training: 0, query: 0, gallery: 21 }, clustered } }),
    );
  expect(said([])).not.toContain('cluster');
  expect(said([{ model: 'ResNet-50, frozen', images: 20 }])).toContain(
    '21 labels were set by hand (21 of gallery). 20 labels come from clusters of “ResNet-50, frozen”, so the figures of that model look better than they are.',
  );
  // All labels are such, and no test figure could be computed.
  const none = { ...facts.dataset, labelled: { training: 20, query: 0, gallery: 0 } };
  expect(
    words(reportPage({ ...bare, dataset: { ...none, clustered: [{ model: 'DeiT-Tiny, frozen', images: 20 }] } })),
  ).toContain('20 labels come from clusters of “DeiT-Tiny, frozen”');
});

test('says what a ranking is where a run has one', () => {
  const plain = words(reportPage({ ...bare, runs: [frozenRun] }));
  expect(plain).toContain('Neighbours are ranked by cosine similarity');
  expect(plain).not.toContain('Ranked by');
  const covering = { ...frozenRun, result: { ...frozenRun.result, rank: 'cover' as const } };
  const both = words(reportPage({ ...bare, runs: [frozenRun, covering] }));
  expect(both).toContain('Unless a ranking stands beside its name, a run’s neighbours are ranked by cosine similarity');
  expect(both).toContain('Ranked by cover : The first ten show the query’s likely classes side by side');
});

test('the settings give no seed where none counts, and no one training for heads that were trained apart', () => {
  const table = (run: RunFacts) => words(reportPage({ ...bare, runs: [run] })).split('Settings of the runs')[1] ?? '';
  const ofFrozen = table({ ...frozenRun, result: { ...frozenRun.result, seed: 7 } });
  expect(ofFrozen).not.toMatch(/ 7 /);
  const ensemble = reportFacts.runs.find(({ result }) => result.combine === 'mean');
  if (!ensemble) throw new Error('An ensemble is among the runs.');
  const training = { epochs: 200, bestEpoch: 192, bestValLoss: null };
  const [member] = ensemble.members;
  if (!member) throw new Error('It has members.');
  const both = {
    ...ensemble,
    members: [
      { ...member, head: 'finetuned' as const },
      { ...member, head: 'finetuned' as const },
    ],
  };
  expect(table({ ...both, result: { ...ensemble.result, training } })).toContain('up to 200 up to 192');
  const shared = { ...ensemble.result, training, combine: 'shared' as const };
  expect(table({ ...both, result: shared })).toContain(' 200 192 ');
});

test('what no head has learned from is said where there is a head', () => {
  expect(words(reportPage({ ...bare, runs: [frozenRun] }))).not.toContain('no head has learned');
  expect(words(reportPage(reportFacts))).toContain('which no head has learned from');
  const runs = reportFacts.runs.map((run) => (run.result.head === 'finetuned' ? { ...run, loaded: 'c0ffee00' } : run));
  const loaded = words(reportPage({ ...reportFacts, runs }));
  expect(loaded).not.toContain('which no head has learned from');
  expect(loaded).toContain('what a head from a file has learned from is not known');
});

test('says what was excluded by hand, and nothing where nothing was', () => {
  expect(words(reportPage(bare))).not.toContain('excluded by hand');
  const excluded = (counts: typeof facts.dataset.excluded) =>
    words(reportPage({ ...bare, dataset: { ...facts.dataset, excluded: counts } }));
  expect(excluded({ training: 1200, query: 0, gallery: 3 })).toContain(
    '1,203 images were excluded by hand (1,200 of training, 3 of gallery) and are in no figure of this report.',
  );
  expect(excluded({ training: 0, query: 1, gallery: 0 })).toContain(
    '1 image was excluded by hand (1 of query) and is in',
  );
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

test('says how the best was chosen, step by step, where it was', () => {
  const page = (...chosen: NonNullable<RunFacts['chosen']>) =>
    words(reportPage({ ...bare, runs: [chosen.length === 0 ? frozenRun : { ...frozenRun, chosen }] }));
  expect(page()).not.toContain('How the best was chosen');
  const path = [
    { label: HOSTILE, value: 0.712, gain: null },
    { label: 'ResNet-50 + DeiT-Tiny, concat', value: 0.804, gain: { mean: 0.092, standardError: 0.011 } },
  ];
  const text = page({ k: 10, path, interval: [0.76, 0.85], tried: 19, complete: true });
  expect(text).toContain(
    'For top-10 accuracy, by the mean of top-1 to top-10 accuracy on images of training whose shoots were held out',
  );
  expect(text).toContain(
    '19 models tried, until nothing more helped. The last is worth 80.4 [76.0, 85.0] on these images, which is not comparable with the figures on validation',
  );
  expect(text).toMatch(/1 =&lt;b&gt;50% .* 71\.2 .* 2 ResNet-50 \+ DeiT-Tiny, concat 80\.4 \+9\.2 ± 1\.1/);
  const hurried = page({ k: 1, path, interval: [0.76, 0.85], tried: 1, complete: false });
  expect(hurried).toContain('by top-1 accuracy on images of training');
  expect(hurried).toContain('1 model tried, until the time was up; more time may find a better one.');
});

test('names what ranked the test queries: exact search, or the index that was asked', () => {
  const page = (index: RunFacts['result']['index']) =>
    words(reportPage({ ...reportFacts, runs: [{ ...frozenRun, result: { ...frozenRun.result, index } }] }));
  expect(page('exact')).toContain('all figures come from exact search over the whole gallery');
  for (const { name, label } of BACKENDS.filter(({ capabilities }) => capabilities.approximate)) {
    expect(page(name)).toContain(`test rankings of some runs come from ${label} (see the settings)`);
    expect(page(name)).not.toContain('all figures come from exact search');
  }
});

test('a run against a part of the gallery is said to be one, and is not the best', () => {
  const against = (gallery: number, run: RunFacts): RunFacts => {
    const { test } = run.result;
    return { ...run, result: { ...run.result, test: test && { ...test, gallery } } };
  };
  const [a, b] = [scored('A', { '1': 0.5, '10': 0.8 }), scored('B', { '1': 0.4, '10': 0.9 })];
  const text = words(reportPage({ ...bare, runs: [against(1648, a), against(300, b)] }));
  expect(text).toContain('A, frozen has the highest top-10 accuracy');
  expect(text).toContain(
    'Judged against a part of the gallery, which is easier, and so not compared with the others: B, frozen: 300 of 1,648 gallery images.',
  );
  expect(words(reportPage({ ...bare, runs: [against(300, a), against(300, b)] }))).not.toContain('part of the gallery');
});
