import { expect, test } from 'vitest';
import { createTurns, latestOnly } from '../../../src/jobs/turns.ts';

const calm = () => new AbortController().signal;
const inTurn = createTurns();

test('work of one name is done one after the other, work of another name beside it', async () => {
  const log: string[] = [];
  let endFirst = () => {};
  const first = inTurn('a', calm(), async () => {
    log.push('first starts');
    await new Promise<void>((resolve) => {
      endFirst = resolve;
    });
    log.push('first ends');
  });
  const waits = (name: string) => () => void log.push(`${name} waits`);
  const second = inTurn('a', calm(), async () => void log.push('second'), waits('second'));
  await inTurn('b', calm(), async () => void log.push('other'), waits('other'));
  expect(log).toEqual(['second waits', 'first starts', 'other']);
  endFirst();
  await Promise.all([first, second]);
  expect(log).toEqual(['second waits', 'first starts', 'other', 'first ends', 'second']);
});

test('a failure holds nobody up; what is cancelled while it waits leaves the queue at once', async () => {
  let fail = () => {};
  const failing = inTurn(
    'c',
    calm(),
    () =>
      new Promise<void>((_, reject) => {
        fail = () => reject(new Error('broken'));
      }),
  );
  const controller = new AbortController();
  let done = false;
  const cancelled = inTurn('c', controller.signal, async () => {
    done = true;
  });
  controller.abort();
  await expect(cancelled).rejects.toMatchObject({ code: 'aborted' });
  fail();
  await expect(failing).rejects.toThrow('broken');
  expect(await inTurn('c', calm(), async () => 'next')).toBe('next');
  expect(done).toBe(false);
});

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
