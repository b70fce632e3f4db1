import { expect, test } from 'vitest';
import { createMeter } from '../../../src/core/meter.ts';

function clock() {
  let now = 0;
  return { now: () => now, pass: (ms: number) => (now += ms) };
}

test('derives rate and time left from what was done', () => {
  const { now, pass } = clock();
  const meter = createMeter(100, 0, now);
  pass(2000);
  expect(meter.advance(20)).toEqual({ done: 20, total: 100, rate: 10, secondsLeft: 8 });
});

test('knows no rate before anything is done', () => {
  const { now, pass } = clock();
  const meter = createMeter(100, 0, now);
  expect(meter.advance(0)).toMatchObject({ rate: null, secondsLeft: null });
  pass(1000);
  expect(meter.advance(0)).toMatchObject({ rate: null, secondsLeft: null });
});

test('what was there before counts as done, not as speed', () => {
  const { now, pass } = clock();
  const meter = createMeter(100, 60, now);
  pass(1000);
  expect(meter.advance(4)).toEqual({ done: 64, total: 100, rate: 4, secondsLeft: 9 });
});

test('follows a change of pace within seconds', () => {
  const { now, pass } = clock();
  const meter = createMeter(10_000, 0, now);
  for (let second = 0; second < 60; second++) {
    pass(1000);
    meter.advance(100);
  }
  let rate: number | null = null;
  for (let second = 0; second < 10; second++) {
    pass(1000);
    ({ rate } = meter.advance(10));
  }
  expect(rate).toBeCloseTo(10, 5);
});
