import { expect, test } from 'vitest';
import { seenName, stepsOf } from '../../../src/app/settings/path.ts';
import type { Dataset } from '../../../src/types.ts';
import { fakeRun, frozen } from '../../browser/ui/fake-comparison.ts';

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

function doneOf(changes: { dataset?: Dataset | null; embedded?: number; runs?: number; seen?: string[] }): string[] {
  const steps = stepsOf({
    data: { dataset: changes.dataset === undefined ? dataset : changes.dataset },
    models: { rows: [{ embedded: 0 }, { embedded: changes.embedded ?? 0 }] },
    comparison: { runs: Array.from({ length: changes.runs ?? 0 }, () => run) },
    seen: changes.seen ?? [],
  });
  return steps.flatMap(({ name, done }) => (done ? [name] : []));
}

test('without a data set nothing is done, whatever was seen of others', () => {
  expect(doneOf({ dataset: null, seen: [seenName('d', 'search')] })).toEqual([]);
});

test('steps are done one by one: all images read, one model on all of them, two runs, a search, a look', () => {
  expect(doneOf({ dataset: { ...dataset, read: 3 } })).toEqual([]);
  expect(doneOf({ embedded: 3, runs: 1 })).toEqual(['data']);
  expect(doneOf({ embedded: 4, runs: 1 })).toEqual(['data', 'models']);
  expect(doneOf({ embedded: 4, runs: 2, seen: [seenName('other', 'search')] })).toEqual([
    'data',
    'models',
    'comparison',
  ]);
  const seen = [seenName('d', 'search'), seenName('d', 'dashboard')];
  expect(doneOf({ embedded: 4, runs: 2, seen })).toEqual(['data', 'models', 'comparison', 'search', 'dashboard']);
});
