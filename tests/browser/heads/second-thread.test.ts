import { wrap } from 'comlink';
import { expect, onTestFinished, test } from 'vitest';
import { train } from '../../../src/heads/train.ts';
import { fetchWasmArithmetic } from '../../../src/heads/wasm-arithmetic.ts';
import { controlled } from '../../../src/workers/connect.ts';
import { cloudsJob } from '../../unit/heads/clouds.ts';
import { startTrainingWorker } from '../workers/training-worker.ts';
import type { FirstThread } from './first-thread.worker.ts';

function firstThread() {
  const worker = new Worker(new URL('./first-thread.worker.ts', import.meta.url), { type: 'module' });
  onTestFinished(() => worker.terminate());
  return wrap<FirstThread>(worker);
}

test('alone, the first thread does all of it, and asks for the second once', async () => {
  const { by, sent, value } = await firstThread().alone();
  expect(by).toEqual(['first', 'first']);
  expect(sent).toBe(1);
  expect(value).toBeLessThan(0);
});

test('the second thread does its part, goes away when there is none, and comes back when there is', async () => {
  expect(await firstThread().together()).toEqual([1, 2]);
});

test('a second thread that came too late for all work, and went away again, is called once more', async () => {
  expect(await firstThread().tooLate()).toEqual([1, 2]);
});

test('a second thread that fails in the middle ends the work with a word', async () => {
  expect(await firstThread().failing()).toMatch(/ended in the middle of its work/);
});

test.each(['linear', 'cosine'] as const)(
  'heads of two threads are those of one, bit for bit (%s)',
  async (classifier) => {
    // Products and updates large enough to be shared, of columns that are no multiple of 16.
    const job = cloudsJob(classifier, { batch: 61, epochs: 6 }, { dimensions: 396, members: 2 });
    const arithmetic = await fetchWasmArithmetic('best');
    if (!arithmetic) throw new Error('This browser has no SIMD.');
    const one = await train(job, { arithmetic, signal: new AbortController().signal });
    const { api, close } = startTrainingWorker();
    onTestFinished(close);
    await api.open();
    const two = await controlled(
      new AbortController().signal,
      () => {},
      (control) => api.train(job, null, control),
    );
    for (const [at, { projection, bias }] of two.heads.entries()) {
      const expected = one.heads[at];
      expect(projection.every((value, i) => value === expected?.projection[i])).toBe(true);
      expect(bias.every((value, i) => value === expected?.bias[i])).toBe(true);
    }
    expect(two.heads).toHaveLength(2);
  },
);
