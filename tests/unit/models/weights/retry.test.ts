import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '../../../../src/errors.ts';
import { Interrupted, retrying } from '../../../../src/models/weights/retry.ts';

const patience = { attempts: 3, pauseMs: 100, stallMs: 1000 };
const explain = (reason: string) => `It failed, since ${reason}.`;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('pauses double, and the last failure is explained', async () => {
  const times: number[] = [];
  const attempt = async () => {
    times.push(Date.now());
    throw new Interrupted('the line is dead');
  };
  const started = Date.now();
  const failed = expect(retrying(patience, new AbortController().signal, attempt, explain)).rejects.toMatchObject({
    code: 'download-failed',
    message: 'It failed, since the line is dead.',
  });
  await vi.runAllTimersAsync();
  await failed;
  expect(times.map((time) => time - started)).toEqual([0, 100, 300]);
});

test('progress lets it start counting afresh', async () => {
  let attempts = 0;
  const attempt = async () => {
    if (++attempts < 8) throw new Interrupted('cut');
    return 'done';
  };
  const result = retrying(patience, new AbortController().signal, attempt, explain, () => true);
  await vi.runAllTimersAsync();
  expect(await result).toBe('done');
});

test('other errors are not tried again', async () => {
  const attempt = vi.fn(async () => {
    throw new AppError('weights-refused', 'no');
  });
  await expect(retrying(patience, new AbortController().signal, attempt, explain)).rejects.toThrow('no');
  expect(attempt).toHaveBeenCalledTimes(1);
});

test('a pause ends when the signal aborts', async () => {
  const controller = new AbortController();
  const attempt = async () => {
    throw new Interrupted('cut');
  };
  const failed = expect(retrying(patience, controller.signal, attempt, explain)).rejects.toMatchObject({
    code: 'aborted',
  });
  await vi.advanceTimersByTimeAsync(50);
  controller.abort();
  await failed;
  expect(vi.getTimerCount()).toBe(0);
});
