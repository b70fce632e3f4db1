import { expect, test } from 'vitest';
import { batches, inLanes } from '../../../src/data/lanes.ts';
import { isAborted } from '../../../src/errors.ts';

const never = new AbortController().signal;
const tick = () => new Promise((resolve) => setTimeout(resolve, 1));

test('runs everything once, at most that many at a time', async () => {
  let running = 0;
  let most = 0;
  const done: number[] = [];
  await inLanes([1, 2, 3, 4, 5, 6, 7], 3, never, async (item) => {
    most = Math.max(most, ++running);
    await tick();
    running--;
    done.push(item);
  });
  expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});

test('after a cancellation nothing new starts, and what ran has ended', async () => {
  const controller = new AbortController();
  const started: number[] = [];
  const ended: number[] = [];
  const error = await inLanes([1, 2, 3, 4, 5, 6], 2, controller.signal, async (item) => {
    started.push(item);
    if (item === 2) controller.abort();
    await tick();
    ended.push(item);
  }).catch((thrown: unknown) => thrown);
  expect(isAborted(error)).toBe(true);
  expect(started).toEqual([1, 2]);
  expect(ended.sort()).toEqual([1, 2]);
});

test('the first error stops all lanes and is thrown once they have ended', async () => {
  const ended: number[] = [];
  const run = inLanes([1, 2, 3, 4, 5, 6], 2, never, async (item) => {
    await tick();
    if (item === 1) throw new Error('first');
    await tick();
    ended.push(item);
  });
  await expect(run).rejects.toThrow('first');
  expect(ended).toEqual([2]);
});

test('nothing to do is done at once', async () => {
  await inLanes([], 4, never, () => Promise.reject(new Error('not called')));
});

test('cuts lists into batches', () => {
  expect(batches([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(batches([], 2)).toEqual([]);
});
