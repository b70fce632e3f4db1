import { expect, onTestFinished, test } from 'vitest';

test('a worker whose script is evaluated twice answers once, by the first', async () => {
  const worker = new Worker(new URL('./twice.worker.ts', import.meta.url), { type: 'module' });
  onTestFinished(() => worker.terminate());
  let evaluated = false;
  const answers: unknown[] = [];
  worker.addEventListener('message', ({ data }) => {
    if (data === 'evaluated twice') evaluated = true;
    else if (data?.id !== undefined) answers.push(data);
  });
  const call = (id: string, path: string) => worker.postMessage({ id, type: 'APPLY', path: [path], argumentList: [] });
  await expect.poll(() => evaluated, { timeout: 30_000 }).toBe(true);
  call('first', 'instance');
  await expect.poll(() => answers.length).toBe(1);
  call('second', 'instance');
  await expect.poll(() => answers.length).toBe(2);
  expect(answers).toMatchObject([
    { id: 'first', value: 1 },
    { id: 'second', value: 1 },
  ]);
});
