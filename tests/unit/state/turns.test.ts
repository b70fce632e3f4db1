import { expect, test } from 'vitest';
import { inTurn } from '../../../src/state/turns.ts';

const calm = () => new AbortController().signal;

test('work of one name is done one after the other, work of another name beside it', async () => {
  const log: string[] = [];
  let endFirst = () => {};
  const first = inTurn('a', calm(), async () => {
    log.push('first begins');
    await new Promise<void>((resolve) => {
      endFirst = resolve;
    });
    log.push('first ends');
  });
  const second = inTurn('a', calm(), async () => {
    log.push('second');
  });
  await inTurn('b', calm(), async () => {
    log.push('other');
  });
  expect(log).toEqual(['first begins', 'other']);
  endFirst();
  await Promise.all([first, second]);
  expect(log).toEqual(['first begins', 'other', 'first ends', 'second']);
});

test('a failure holds nobody up; who is cancelled while waiting leaves the queue at once', async () => {
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
