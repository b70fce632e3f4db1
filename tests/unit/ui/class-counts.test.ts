import { expect, test } from 'vitest';
import { wholeTicks } from '../../../src/ui/data/class-counts.ts';

test.each([
  [0, [0, 1]],
  [1, [0, 1]],
  [2, [0, 1, 2]],
  [3, [0, 1, 2, 3]],
  [6, [0, 2, 4, 6]],
  [10, [0, 5, 10]],
  [41, [0, 20, 40, 60]],
  [1300, [0, 500, 1000, 1500]],
])('an axis up to %i has whole marks, each once', (most, ticks) => {
  expect(wholeTicks(most)).toEqual(ticks);
});

test('whatever the most, there are two to six of them, the last not below it', () => {
  for (let most = 1; most < 5000; most += 7) {
    const ticks = wholeTicks(most);
    expect(ticks.every(Number.isInteger)).toBe(true);
    expect(new Set(ticks).size).toBe(ticks.length);
    expect(ticks.length).toBeGreaterThanOrEqual(2);
    expect(ticks.length).toBeLessThanOrEqual(6);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(most);
  }
});
