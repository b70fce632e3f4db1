import { describe, expect, test } from 'vitest';
import {
  type ChoiceStep,
  defaultRecipe,
  type EpochReport,
  type MemberChoice,
  type RunChoice,
  type RunRow,
  type Stage,
  type TrainingView,
} from '../../../src/app/comparison/comparison.ts';
import { resultRows, scoreOfRuns } from '../../../src/core/result-rows.ts';
import { membersKey } from '../../../src/core/run-choice.ts';
import { wilsonInterval } from '../../../src/metrics/intervals.ts';
import { metricOf } from '../../../src/metrics/registry.ts';
import type { ImageRecord } from '../../../src/types.ts';
import {
  ensembleProblem,
  pathWords,
  recipeLine,
  trainingSentence,
  withClassifier,
} from '../../../src/ui/comparison/comparison-words.ts';
import { runPlan, stagesLine, stageTime } from '../../../src/ui/comparison/run-plan.ts';
import { membersHeads, membersName } from '../../../src/ui/runs/model-words.ts';
import { sortRows } from '../../../src/ui/runs/result-order.ts';
import { askedOf, queriesSentence } from '../../../src/ui/runs/result-words.ts';

const cosine = defaultRecipe('cosine');
const finetuned = (weightsId: string): MemberChoice => ({ weightsId, head: 'finetuned' });
const frozen = (weightsId: string): MemberChoice => ({ weightsId, head: 'frozen' });
const labels = { a: 'Alpha', b: 'Beta' };

const stage = (kind: Stage['kind'], state: Stage['state'], estimateMs: number | null = null): Stage => ({
  id: `${kind} ${state}`,
  kind,
  label: kind,
  state,
  estimateMs,
  progress: null,
  tookMs: null,
});

describe('what Run comparison says that it will do', () => {
  test('missing runs, and the time of all that is to be done', () => {
    const stages = [
      stage('embed', 'kept', 60_000),
      stage('train', 'waiting', 30_000),
      stage('evaluate', 'kept', 0),
      stage('evaluate', 'waiting', 1000),
      stage('evaluate', 'cancelled', 1000),
    ];
    expect(runPlan(stages, false)).toEqual({ label: 'Run comparison: 2 runs, about 32 s', reason: null });
    expect(runPlan([stage('evaluate', 'waiting')], false).label).toBe('Run comparison: 1 run');
    expect(runPlan([...stages, stage('train', 'waiting')], false).label).toBe('Run comparison: 2 runs, 32 s or more');
  });

  test('why it does nothing', () => {
    expect(runPlan([], false).reason).toBe('Tick at least one model.');
    expect(runPlan([stage('evaluate', 'kept')], false).reason).toBe('The run is there already.');
    expect(runPlan([stage('evaluate', 'kept'), stage('evaluate', 'done')], false).reason).toBe(
      'Both runs are there already.',
    );
    expect(runPlan([stage('evaluate', 'waiting')], true).reason).not.toBeNull();
  });

  test('the stages say their states and times', () => {
    const stages = [stage('embed', 'kept'), stage('train', 'waiting', 14_000), stage('evaluate', 'waiting')];
    expect(stages.map(stageTime)).toEqual(['kept', 'about 14 s', 'time not known yet']);
    expect(stageTime({ ...stage('train', 'running'), progress: { done: 1, total: 4, rate: 1, secondsLeft: 3 } })).toBe(
      '25 %, 3 s left',
    );
    expect(stagesLine(stages, false)).toBe('2 stages to do, 1 kept from before, 14 s or more');
    expect(stagesLine(stages, true)).toBe('0 of 2 stages done, 14 s or more left');
    // What is left of the stage that runs counts, and the estimates of those after it.
    const under = { ...stage('train', 'running', 60_000), progress: { done: 3, total: 4, rate: 1, secondsLeft: 0.4 } };
    expect(stagesLine([under, stage('embed', 'waiting', 180_000)], true)).toBe('0 of 2 stages done, about 3 min left');
    expect(stagesLine([stage('embed', 'waiting')], true)).toBe('0 of 1 stage done, time not known yet');
  });

  test('before the first training its time is unknown, and the short stages after it promise nothing', () => {
    const stages = [stage('train', 'waiting'), stage('evaluate', 'waiting', 1000), stage('evaluate', 'waiting', 1000)];
    expect(runPlan(stages, false).label).toBe('Run comparison: 2 runs');
    expect(stagesLine(stages, false)).toBe('3 stages to do, time not known yet');
    expect(stagesLine([{ ...stage('train', 'running') }, ...stages], true)).toBe(
      '0 of 4 stages done, time not known yet',
    );
    // Its first epoch tells.
    const progress = { done: 1, total: 100, rate: 1, secondsLeft: 99 };
    expect(stagesLine([{ ...stage('train', 'running'), progress }, ...stages], true)).toBe(
      '0 of 4 stages done, 1.7 min or more left',
    );
  });
});

function epoch(at: number, best: boolean, phase: EpochReport['phase'] = 'fit'): EpochReport {
  const validation = { loss: 2 - at / 10, accuracy: 0.5, topk: { '1': 0.4, '10': 0.9 } };
  return {
    phase,
    epoch: at,
    epochs: phase === 'fit' ? 30 : 2,
    loss: 1,
    accuracy: 0.8,
    validation: phase === 'fit' ? validation : null,
    best,
    milliseconds: 1,
  };
}

describe('what is said of a training', () => {
  const reports = [epoch(1, true), epoch(2, true), epoch(3, false), epoch(4, false)];
  const view = (ended: TrainingView['ended'], of = reports) => ({ label: '', reports: of, ended });

  test.each([
    [
      'patience',
      'Stopped after epoch 4: no lower validation loss for 2 epochs; epoch 2 is kept, with 50.0 % validation accuracy.',
    ],
    ['epochs', 'All 4 epochs were used; epoch 2 is kept, with 50.0 % validation accuracy.'],
    ['stopped', 'Stopped by hand after epoch 4; epoch 2 is kept, with 50.0 % validation accuracy.'],
    [null, 'Epoch 4 of at most 30; epoch 2 has the lowest validation loss so far.'],
  ] as const)('ended: %s', (ended, sentence) => {
    expect(trainingSentence(view(ended))).toBe(sentence);
  });

  test('interrupted, and not started', () => {
    expect(trainingSentence(view('interrupted'))).toContain('Interrupted after epoch 4');
    expect(trainingSentence(view('interrupted', []))).toBe('It was interrupted in the first epoch.');
    expect(trainingSentence(view(null, []))).toBe('The first epoch is under way.');
  });

  test('the refit is no part of the first fit', () => {
    const all = [...reports, epoch(1, false, 'refit'), epoch(2, false, 'refit')];
    expect(trainingSentence(view('patience', all))).toMatch(/Refit on all training images for 2 epochs\.$/);
    expect(trainingSentence(view('patience', all.slice(0, 5)))).toMatch(/images: epoch 1 of 2\.$/);
  });

  test('without validation the last head is kept', () => {
    const blind = reports.map((report) => ({ ...report, validation: null }));
    expect(trainingSentence(view('epochs', blind))).toContain('no class is large enough to be validated');
  });
});

function run(members: readonly MemberChoice[], seed: number, top1: number | null, recipe = cosine): RunRow {
  const test =
    top1 === null
      ? null
      : { queries: 100, skipped: 1, topk: { '1': top1 }, mapAtR: 0, mrr: 0, ci95: { '1': [0, 1] as const } };
  return {
    id: JSON.stringify([members, seed, recipe]),
    label: '',
    colour: 0,
    choice: {
      members: [...members],
      combine: members.length > 1 ? 'mean' : null,
      recipe: { ...recipe, seed },
      loaded: null,
      rank: 'plain',
    },
    result: {
      model: '',
      head: 'finetuned',
      classifier: null,
      combine: null,
      seed,
      weights: [],
      test,
      validation: null,
      training: null,
      rank: 'plain',
      posterior: null,
      index: 'exact',
      timing: { extractMs: 0, imagesPerSecond: null, trainMs: 0, indexBuildMs: 0, queryMsP50: 0 },
    },
  };
}

describe('the results', () => {
  test('seeds of one model and recipe make one row, others their own', () => {
    const rows = resultRows([
      run([finetuned('a')], 1, 0.6),
      run([finetuned('a')], 0, 0.5, defaultRecipe('linear')),
      run([finetuned('a')], 0, 0.5),
      run([frozen('a')], 0, 0.4),
      run([frozen('a'), frozen('b')], 0, 0.4),
      run([frozen('a'), frozen('b')], 3, 0.4),
    ]);
    expect(rows.map(({ runs }) => runs.map(({ choice }) => choice.recipe.seed))).toEqual([[0, 1], [0], [0], [0, 3]]);
  });

  test('the mean over seeds with the sample standard deviation; a single run with its interval', () => {
    const runs = [0.5, 0.6, 0.7].map((top1, seed) => run([finetuned('a')], seed, top1));
    const top1 = metricOf('top1');
    const score = scoreOfRuns(runs, 'test', top1);
    expect(score?.value).toBeCloseTo(0.6, 12);
    expect(score?.deviation).toBeCloseTo(0.1, 12);
    expect(score?.interval).toBeNull();
    // Wilson's, whatever interval was kept with it.
    const single = { value: 0.5, interval: wilsonInterval(50, 100), deviation: null, macro: null };
    expect(scoreOfRuns(runs.slice(0, 1), 'test', top1)).toEqual(single);
    expect(scoreOfRuns(runs, 'validation', top1)).toBeNull();
    expect(scoreOfRuns(runs, 'test', metricOf('top5'))).toBeNull();
  });

  test('rows without a value come last in both directions', () => {
    const rows = resultRows([
      run([frozen('a')], 0, null),
      run([finetuned('a')], 0, 0.5),
      run([finetuned('b')], 0, 0.6),
    ]);
    const order = (descending: boolean) =>
      sortRows(rows, { by: 'top1', descending }, 'test', () => '').map(
        ({ runs: [first] }) => first.result.test?.topk['1'] ?? null,
      );
    expect(order(true)).toEqual([0.6, 0.5, null]);
    expect(order(false)).toEqual([0.5, 0.6, null]);
  });

  test('says which queries count', () => {
    const said = (within: boolean, unlabelled: number, skipped: number) => {
      const made = run([frozen('a')], 0, 0.5);
      const { test } = made.result;
      const scored = test && { ...made, result: { ...made.result, test: { ...test, skipped } } };
      return queriesSentence(scored ? [scored] : [], 'test', { within, unlabelled });
    };
    const against = 'Test: 100 queries of test/query against test/gallery';
    expect(said(false, 0, 0)).toBe(`${against}.`);
    expect(said(false, 0, 1)).toBe(`${against}; left out: 1 query whose class no labelled gallery image has.`);
    expect(said(false, 2, 3)).toBe(
      `${against}; left out: 2 queries without a class, 1 whose class no labelled gallery image has.`,
    );
    const within = 'Test: the gallery within itself, each of 100 images asked against all others';
    const wrong = 'without a class, which count as wrong where they are found';
    expect(said(true, 39, 39)).toBe(`${within}; left out: 39 images ${wrong}.`);
    expect(said(true, 39, 41)).toBe(`${within}; left out: 2 images without another image of their class, 39 ${wrong}.`);
  });

  test('a folder without roles, some of it with classes by hand, is asked within itself', () => {
    const image = (at: number, className: string | null): ImageRecord => ({
      ...{ datasetId: 'd', path: `${at}.jpg`, split: 'gallery', file: `${at}.jpg`, className },
      ...{ bytes: 1, hash: `${at}`, width: 1, height: 1 },
    });
    const classes = ['x', 'x', null, 'y', null];
    expect(askedOf(classes.map((name, at) => image(at, name)))).toEqual({ within: true, unlabelled: 2 });
  });
});

test('models are named by their members, whose order makes no difference', () => {
  const members = [finetuned('a'), frozen('b')];
  expect(membersName(members, labels)).toBe('Alpha (fine-tuned) + Beta (frozen)');
  expect(membersName([frozen('a'), frozen('gone')], labels)).toBe('Alpha + gone');
  expect(membersHeads(members)).toBe('fine-tuned and frozen');
  expect(membersKey(members)).toBe(membersKey(members.toReversed()));
});

test('an ensemble that cannot be is refused with its reason', () => {
  const problem = (members: readonly MemberChoice[], shared = false, taken: readonly string[] = []) =>
    ensembleProblem(members, shared ? ['shared'] : ['mean'], taken, labels);
  expect(problem([finetuned('a'), finetuned('a')])).toBe('Alpha, fine-tuned, is named twice.');
  expect(problem([finetuned('a'), frozen('a')])).toBeNull();
  expect(problem([finetuned('a'), frozen('a')], true)).toBe('Shared needs two fine-tuned members.');
  expect(problem([finetuned('a'), finetuned('b')], true)).toBeNull();
  const taken = [membersKey([finetuned('b'), finetuned('a')])];
  expect(problem([finetuned('a'), finetuned('b')], false, taken)).toBe('This ensemble is in the plan already.');
  expect(ensembleProblem([finetuned('a'), finetuned('b')], [], [], labels)).toContain('at least one way');
});

test('the recipe in a line says what differs from its classifier’s defaults', () => {
  expect(recipeLine(cosine, 1)).toBe('cosine classifier, defaults');
  expect(recipeLine({ ...cosine, dropout: 0.2, refit: false }, 3)).toBe(
    'cosine classifier, dropout 0.2, no refit, 3 seeds',
  );
  expect(recipeLine({ ...defaultRecipe('linear'), seed: 4 }, 1)).toBe('linear classifier, defaults, seed 4');
});

test('another classifier brings its defaults, and leaves what a user has set', () => {
  expect({ ...cosine, ...withClassifier(cosine, 'linear') }).toEqual(defaultRecipe('linear'));
  expect(withClassifier({ ...cosine, epochs: 50 }, 'linear')).toEqual({
    classifier: 'linear',
    epochs: 50,
    learningRate: defaultRecipe('linear').learningRate,
  });
});

const resnet: MemberChoice = { weightsId: 'r', head: 'finetuned' };
const dino: MemberChoice = { weightsId: 'd', head: 'finetuned' };
const frozenResnet: MemberChoice = { weightsId: 'r', head: 'frozen' };

function step(value: number, members: MemberChoice[], changes: Partial<RunChoice> = {}): ChoiceStep {
  const combine = members.length > 1 ? 'concat' : null;
  const choice: RunChoice = {
    members,
    combine,
    recipe: defaultRecipe('cosine'),
    loaded: null,
    rank: 'plain',
    ...changes,
  };
  return { choice, label: '', value, gain: null };
}

test('each step of the path is named by what it changes', () => {
  const path = [
    step(0.712, [resnet]),
    step(0.804, [resnet, dino]),
    step(0.81, [resnet, dino, frozenResnet], { rank: 'cover' }),
    step(0.815, [resnet, dino, frozenResnet], { rank: 'cover', combine: 'mean' }),
    step(0.82, [resnet, dino, frozenResnet], { combine: 'mean' }),
  ];
  expect(pathWords(path, { r: 'ResNet-50', d: 'DINOv2' })).toEqual([
    { words: 'ResNet-50, fine-tuned', value: '71.2' },
    { words: '+ DINOv2 (fine-tuned)', value: '80.4' },
    { words: '+ ResNet-50 (frozen), ranked by cover', value: '81.0' },
    { words: 'averaged', value: '81.5' },
    { words: 'ranked by similarity', value: '82.0' },
  ]);
  expect(pathWords([step(0.5, [frozenResnet])], {})).toEqual([{ words: 'r, frozen', value: '50.0' }]);
});

test('a member that goes, or replaces another, is said', () => {
  const path = [
    step(0.5, [frozenResnet]),
    step(0.7, [resnet]),
    step(0.8, [resnet, dino]),
    step(0.82, [frozenResnet, dino]),
    step(0.83, [dino]),
  ];
  expect(pathWords(path, { r: 'ResNet-50', d: 'DINOv2' }).map(({ words }) => words)).toEqual([
    'ResNet-50, frozen',
    'ResNet-50, fine-tuned',
    '+ DINOv2 (fine-tuned)',
    '+ ResNet-50 (frozen), without ResNet-50 (fine-tuned)',
    'without ResNet-50 (frozen)',
  ]);
});
