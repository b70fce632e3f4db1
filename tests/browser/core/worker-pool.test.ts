import { expect, onTestFinished, test } from 'vitest';
import { createPool, type WorkerPool } from '../../../src/core/worker-pool.ts';
import { AppError } from '../../../src/errors.ts';
import type { EchoWorker } from '../workers/echo.worker.ts';

/** Long beside what these jobs take, short beside a minute. */
const SILENCE_MS = 1500;

function pool(size: number, prepare?: () => Promise<void>): { workers: WorkerPool<EchoWorker>; made: () => number } {
  let made = 0;
  const spawn = () => {
    made++;
    return new Worker(new URL('../workers/echo.worker.ts', import.meta.url), { type: 'module' });
  };
  const workers = createPool<EchoWorker>(size, spawn, { ...(prepare ? { prepare } : {}), silenceMs: SILENCE_MS });
  onTestFinished(() => workers.close());
  return { workers, made: () => made };
}

const one = Float32Array.of(1);

test('workers are made when needed, and kept', async () => {
  const { workers, made } = pool(3);
  expect(made()).toBe(0);
  await workers.run((api) => api.double(one));
  await workers.run((api) => api.double(one));
  expect(made()).toBe(1);
  await Promise.all([1, 2, 3, 4, 5].map(() => workers.run((api) => api.double(one))));
  expect(made()).toBe(3);
});

test('each worker runs one job at a time', async () => {
  const { workers } = pool(2);
  let running = 0;
  let most = 0;
  const job = () =>
    workers.run(async (api) => {
      most = Math.max(most, ++running);
      await api.double(one);
      running--;
    });
  await Promise.all([job(), job(), job(), job(), job()]);
  expect(most).toBe(2);
});

test('a dead worker fails its job alone, and is replaced and prepared again', async () => {
  let prepared = 0;
  const { workers, made } = pool(1, async () => {
    prepared++;
  });
  await expect(workers.run((api) => api.crash())).rejects.toMatchObject({ code: 'worker-failed' });
  expect(await workers.run((api) => api.double(one))).toEqual(Float32Array.of(2));
  expect([made(), prepared]).toEqual([2, 2]);
});

test('a worker that hangs fails its job alone, and is replaced', async () => {
  const { workers, made } = pool(1);
  await expect(workers.run((api) => api.hang())).rejects.toMatchObject({ code: 'worker-failed' });
  expect(await workers.run((api) => api.double(one))).toEqual(Float32Array.of(2));
  expect(made()).toBe(2);
});

test('a worker that threw what nobody foresaw is replaced, one that refused is kept', async () => {
  const { workers, made } = pool(1);
  await expect(workers.run((api) => api.refuse())).rejects.toMatchObject({ code: 'weights-refused' });
  await expect(workers.run((api) => api.throwPlain())).rejects.toMatchObject({ code: 'internal' });
  expect(made()).toBe(1);
  expect(await workers.run((api) => api.double(one))).toEqual(Float32Array.of(2));
  expect(made()).toBe(2);
});

test('a worker that cannot be prepared is tried once more, then the job fails; the next job tries again', async () => {
  let failures = 3;
  const { workers, made } = pool(1, async () => {
    if (failures-- > 0) throw new Error('no memory');
  });
  const impossible = { code: 'engine-unavailable', message: expect.stringContaining('no memory') };
  await expect(workers.run((api) => api.double(one))).rejects.toMatchObject(impossible);
  expect(await workers.run((api) => api.double(one))).toEqual(Float32Array.of(2));
  expect(made()).toBe(4);
});

test('what a worker lacks is said at once', async () => {
  const { workers, made } = pool(1, async () => {
    throw new AppError('weights-missing', 'There are no weights.');
  });
  await expect(workers.run((api) => api.double(one))).rejects.toMatchObject({ code: 'weights-missing' });
  expect(made()).toBe(1);
});

test('closing rejects what runs and what waits', async () => {
  const { workers } = pool(1);
  const outcomes = Promise.allSettled([workers.run((api) => api.hang()), workers.run((api) => api.double(one))]);
  workers.close();
  for (const outcome of await outcomes) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'engine-unavailable' } });
  }
  await expect(workers.run((api) => api.double(one))).rejects.toMatchObject({ code: 'engine-unavailable' });
});
