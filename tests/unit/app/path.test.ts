import { expect, test } from 'vitest';
import type { RunChoice, RunRow, Stage } from '../../../src/app/comparison/comparison.ts';
import { seenName, stepsOf } from '../../../src/app/settings/path.ts';
import type { Dataset } from '../../../src/types.ts';
import { fakeRun, finetuned, frozen } from '../../browser/ui/fake-comparison.ts';

const dataset: Dataset = {
  id: 'd',
  name: 'photos',
  createdAt: 0,
  classes: [],
  folders: [],
  problems: [],
  counts: { training: 2, query: 1, gallery: 1 },
  read: 4,
};
const run = fakeRun({ members: [frozen('a')], top1: 0.5, mapAtR: 0.1 });
const tuned = fakeRun({ members: [finetuned('a')], top1: 0.5, mapAtR: 0.1 });
const stage = (state: Stage['state']): Stage => ({
  id: state,
  kind: 'evaluate',
  label: '',
  state,
  estimateMs: null,
  progress: null,
  tookMs: null,
});

interface Changes {
  readonly dataset?: Dataset | null;
  readonly counted?: boolean;
  readonly embedded?: number;
  readonly runs?: readonly RunRow[];
  readonly stages?: readonly Stage[];
  readonly seen?: readonly string[];
  readonly outdated?: readonly RunChoice[];
}

function doneOf({
  counted = true,
  embedded = 0,
  runs = [],
  stages = [],
  seen = [],
  outdated = [],
  ...changes
}: Changes) {
  const steps = stepsOf({
    data: { dataset: changes.dataset === undefined ? dataset : changes.dataset },
    models: { counted, rows: [{ embedded: 0 }, { embedded }] },
    comparison: { runs, stages, outdated },
    seen,
    plain: false,
  });
  return steps?.flatMap(({ name, done }) => (done ? [name] : [])) ?? null;
}

test('what has no classes is not compared: the step is left out', () => {
  const facts = { data: { dataset }, models: { counted: true, rows: [{ embedded: 4 }] }, seen: [] };
  const comparison = { runs: [run], stages: [], outdated: [] };
  const steps = stepsOf({ ...facts, comparison, plain: true });
  expect(steps?.map(({ name }) => name)).toEqual(['data', 'models', 'search', 'dashboard']);
  expect(steps?.find(({ done }) => !done)?.name).toBe('search');
});

test('without a data set nothing is done, whatever was seen of others', () => {
  expect(doneOf({ dataset: null, seen: [seenName('d', 'search')] })).toEqual([]);
});

test('steps are done one by one: all images read, one model on all of them, a comparison, a search, a look', () => {
  expect(doneOf({ dataset: { ...dataset, read: 3 } })).toEqual([]);
  expect(doneOf({ embedded: 3, runs: [run] })).toEqual(['data']);
  expect(doneOf({ embedded: 4, runs: [run] })).toEqual(['data', 'models']);
  const compared = ['data', 'models', 'comparison'];
  expect(doneOf({ embedded: 4, runs: [run, tuned], seen: [seenName('other', 'search')] })).toEqual(compared);
  const seen = [seenName('d', 'search'), seenName('d', 'dashboard')];
  expect(doneOf({ embedded: 4, runs: [run, tuned], seen })).toEqual([...compared, 'search', 'dashboard']);
});

test('a comparison is done when one ran, however few its runs; what embedding scores by itself is none', () => {
  const compared = ['data', 'models', 'comparison'];
  expect(doneOf({ embedded: 4, runs: [run, run], stages: [stage('kept'), stage('waiting')] })).toEqual([
    'data',
    'models',
  ]);
  expect(doneOf({ embedded: 4, runs: [run], seen: [seenName('d', 'comparison')] })).toEqual(compared);
  expect(doneOf({ embedded: 4, runs: [tuned] })).toEqual(compared);
  // Nothing that is ticked is left to be run.
  expect(doneOf({ embedded: 4, runs: [run, run], stages: [stage('kept'), stage('done')] })).toEqual(compared);
  // Its results were deleted.
  expect(doneOf({ embedded: 4, seen: [seenName('d', 'comparison')] })).toEqual(['data', 'models']);
});

test('a comparison some of whose results count no longer is not done', () => {
  const state = { embedded: 4, runs: [run, tuned], seen: [seenName('d', 'comparison')] };
  expect(doneOf({ ...state, outdated: [tuned.choice] })).toEqual(['data', 'models']);
});

test('before the images are counted nothing is claimed, unless results tell it', () => {
  expect(doneOf({ counted: false })).toBeNull();
  expect(doneOf({ counted: false, runs: [tuned] })).toEqual(['data', 'models', 'comparison']);
  expect(doneOf({ counted: false, dataset: null })).toEqual([]);
});
