import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type SilenceWatch, watchSilence } from '../../../src/workers/connect.ts';

let silent: ReturnType<typeof vi.fn<() => void>>;
let watch: SilenceWatch;
beforeEach(() => {
  vi.useFakeTimers();
  silent = vi.fn<() => void>();
  watch = watchSilence(60_000, silent);
});
afterEach(() => {
  watch.stop();
  vi.useRealTimers();
});

test('one with a pending call and says nothing for the whole span is silent, once', () => {
  watch.sign();
  watch.asked();
  vi.advanceTimersByTime(59_000);
  expect(silent).not.toHaveBeenCalled();
  vi.advanceTimersByTime(600_000);
  expect(silent).toHaveBeenCalledTimes(1);
});

test('every sign starts the span again, however long the work takes', () => {
  watch.asked();
  for (let minutes = 0; minutes < 60; minutes++) {
    vi.advanceTimersByTime(55_000);
    watch.sign();
  }
  expect(silent).not.toHaveBeenCalled();
});

test('who owes nothing may be silent for ever', () => {
  watch.sign();
  const [first, second] = [watch.asked(), watch.asked()];
  vi.advanceTimersByTime(30_000);
  first();
  second();
  vi.advanceTimersByTime(3_600_000);
  expect(silent).not.toHaveBeenCalled();
  // Asked again, it has the whole span again.
  watch.asked();
  vi.advanceTimersByTime(59_000);
  expect(silent).not.toHaveBeenCalled();
});

test('a script that has not come yet is waited for longer, not for ever', () => {
  watch.asked();
  vi.advanceTimersByTime(290_000);
  expect(silent).not.toHaveBeenCalled();
  vi.advanceTimersByTime(60_000);
  expect(silent).toHaveBeenCalledTimes(1);
});

test('hours in which the computer slept are not held against the worker', () => {
  watch.sign();
  watch.asked();
  vi.advanceTimersByTime(30_000);
  // The clock goes on while no timer fires; on waking, the one that is due fires once.
  vi.setSystemTime(Date.now() + 8 * 3_600_000);
  vi.advanceTimersByTime(10_000);
  expect(silent).not.toHaveBeenCalled();
  watch.sign();
  vi.advanceTimersByTime(55_000);
  expect(silent).not.toHaveBeenCalled();
});
