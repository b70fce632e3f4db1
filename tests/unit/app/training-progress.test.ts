import { expect, test } from 'vitest';
import { createTrainingProgress } from '../../../src/app/comparison/training-progress.ts';
import type { EpochReport } from '../../../src/heads/training.ts';

const epoch = (at: number, part: Partial<EpochReport> = {}): EpochReport => ({
  phase: 'fit',
  epoch: at,
  epochs: 40,
  loss: 1,
  accuracy: 0.5,
  validation: null,
  best: false,
  milliseconds: 500,
  ...part,
});
const again = (at: number, milliseconds = 500) => epoch(at, { phase: 'refit', epochs: 3, milliseconds });

test('the refit is a stage of its own, which counts its own epochs', () => {
  const { reach } = createTrainingProgress('ResNet-50', { refit: true, patience: 40 });
  expect([epoch(1), epoch(2)].map((report) => reach(report).starts)).toEqual([null, null]);
  const first = reach(again(1));
  expect(first.starts).toBe('Training the head of ResNet-50 again on all images');
  expect(first.progress).toEqual({ done: 1, total: 3, rate: 2, secondsLeft: 1 });
  expect(reach(again(2)).starts).toBeNull();
  expect(reach(again(3)).progress).toMatchObject({ done: 3, secondsLeft: 0 });
});

test('the first epoch tells the time left, that of the refit in it as far as it is known', () => {
  const { reach } = createTrainingProgress('', { refit: true, patience: 40 });
  expect(reach(epoch(1, { best: true })).progress).toEqual({ done: 1, total: 40, rate: 2, secondsLeft: 20 });
  expect(reach(epoch(2)).progress.secondsLeft).toBe(19.5);
  const once = createTrainingProgress('', { refit: false, patience: 40 });
  expect(once.reach(epoch(1, { best: true })).progress.secondsLeft).toBe(19.5);
});

test('a fit that may stop early takes at most so long; one that nothing stops, and the refit, as long as they say', () => {
  const { reach } = createTrainingProgress('', { refit: true, patience: 10 });
  expect(reach(epoch(1)).progress.atMost).toBeUndefined();
  expect(reach(epoch(2, { best: true })).progress).toMatchObject({ secondsLeft: 20, atMost: true });
  expect(reach(epoch(30, { best: true })).progress.atMost).toBeUndefined();
  expect(reach(again(1)).progress.atMost).toBeUndefined();
});

test('where the pace changes, the rate follows it', () => {
  const { reach } = createTrainingProgress('', { refit: true, patience: 40 });
  for (let at = 1; at <= 20; at++) reach(epoch(at, { milliseconds: 10 }));
  let rate: number | null = null;
  for (let at = 21; at <= 40; at++) ({ rate } = reach(epoch(at, { milliseconds: 1000 })).progress);
  expect(rate).toBe(1);
});

test('all epochs of both phases are what the machine’s pace is measured by', () => {
  const { reach } = createTrainingProgress('', { refit: true, patience: 40 });
  reach(epoch(1));
  reach(epoch(2, { milliseconds: 300 }));
  expect(reach(again(1, 200)).measured).toEqual({ epochs: 3, milliseconds: 1000 });
});
