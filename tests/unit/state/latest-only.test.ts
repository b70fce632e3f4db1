import { expect, test } from 'vitest';
import { latestOnly } from '../../../src/state/latest-only.ts';

function workshop() {
  const done: number[] = [];
  let finish = () => {};
  const work = latestOnly<number>(async (value) => {
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    done.push(value);
  });
  /** Lets what is being worked on end, and the next begin. */
  const tick = async () => {
    await Promise.resolve();
    await Promise.resolve();
    finish();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { done, work, tick };
}

test('what is asked for during work waits, and the last of it alone is done', async () => {
  const { done, work, tick } = workshop();
  const first = work(1);
  await tick().then(() => expect(done).toEqual([1]));
  await first;
  const all = [work(2)];
  await Promise.resolve();
  all.push(work(3), work(4), work(5));
  await tick();
  await tick();
  await Promise.all(all);
  expect(done).toEqual([1, 2, 5]);
});

test('work that fails does not stop what is asked for later', async () => {
  const seen: number[] = [];
  const work = latestOnly<number>(async (value) => {
    seen.push(value);
    if (value === 1) throw new Error('no');
  });
  await expect(work(1)).rejects.toThrow('no');
  await work(2);
  expect(seen).toEqual([1, 2]);
});
