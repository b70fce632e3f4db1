import { afterEach, expect, test } from 'vitest';
import { AppError, isAborted } from '../../../src/errors.ts';
import { type Connection, connect, controlled, move } from '../../../src/workers/connect.ts';
import type { EchoWorker } from './echo.worker.ts';

const opened: Connection<EchoWorker>[] = [];

const startEcho = () => new Worker(new URL('./echo.worker.ts', import.meta.url), { type: 'module' });

function echo(worker = startEcho(), silenceMs?: number): Connection<EchoWorker> {
  const connection = connect<EchoWorker>(worker, silenceMs);
  opened.push(connection);
  return connection;
}

afterEach(() => {
  for (const connection of opened.splice(0)) connection.close();
});

const thrown = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

test('buffers are moved there and back', async () => {
  const values = Float32Array.of(1, 2, 3);
  expect(await echo().api.double(move(values, values.buffer))).toEqual(Float32Array.of(2, 4, 6));
  expect(values.byteLength).toBe(0);
});

test('an AppError keeps its code and its causes; another error becomes an internal one', async () => {
  const { api } = echo();
  const refused = await thrown(api.refuse());
  expect(refused).toBeInstanceOf(AppError);
  expect(refused).toMatchObject({ code: 'weights-refused', message: 'These weights are not weights.' });
  expect(refused).toMatchObject({
    cause: { name: 'RangeError', message: 'Too long.', cause: { message: 'a number' } },
  });
  expect(await thrown(api.throwPlain())).toMatchObject({
    code: 'internal',
    message: 'plain',
    cause: { name: 'TypeError', message: 'plain' },
  });
});

test('a worker that dies rejects what waits for it, and what is asked later', async () => {
  const { api } = echo();
  const waiting = thrown(api.hang());
  expect(await thrown(api.crash())).toMatchObject({ code: 'worker-failed' });
  expect(await waiting).toMatchObject({ code: 'worker-failed' });
  expect(await thrown(api.hang())).toMatchObject({ code: 'worker-failed' });
});

test('a closed worker rejects what waits for it', async () => {
  const connection = echo();
  const waiting = thrown(connection.api.hang());
  connection.close();
  expect(await waiting).toMatchObject({ code: 'worker-failed' });
});

const HUNG = { code: 'worker-failed', message: expect.stringContaining('no sign of life') };

test('a worker that hangs is ended, and its calls fail', async () => {
  const { api, failed } = echo(startEcho(), 3000);
  expect(await api.double(Float32Array.of(1))).toEqual(Float32Array.of(2));
  expect(await thrown(api.hang())).toMatchObject(HUNG);
  expect(await thrown(failed)).toMatchObject(HUNG);
});

test('a worker that somebody else ended is found out', async () => {
  const worker = startEcho();
  const { api } = echo(worker, 3000);
  await api.double(Float32Array.of(1));
  const waiting = thrown(api.hang());
  worker.terminate();
  expect(await waiting).toMatchObject(HUNG);
});

test('a worker that works longer than anybody may be silent is left alone', async () => {
  const { api } = echo(startEcho(), 3000);
  await api.toil(7000);
  // Time is what is tested: longer than a worker may be silent, nothing is owed.
  await new Promise((resolve) => setTimeout(resolve, 4000));
  expect(await api.double(Float32Array.of(1))).toEqual(Float32Array.of(2));
});

test('progress arrives, and a signal stops the work', async () => {
  const { api } = echo();
  const seen: number[] = [];
  const counted = await controlled<number, number>(
    new AbortController().signal,
    (done) => seen.push(done),
    (control) => api.count(5, control),
  );
  expect(counted).toBe(5);
  expect(seen).toEqual([1, 2, 3, 4, 5]);

  const controller = new AbortController();
  const error = await thrown(
    controlled<number, number>(
      controller.signal,
      (done) => {
        if (done === 3) controller.abort();
      },
      (control) => api.count(1e9, control),
    ),
  );
  expect(isAborted(error)).toBe(true);
});

test('an aborted signal starts nothing', async () => {
  const controller = new AbortController();
  controller.abort();
  let called = false;
  const error = await thrown(
    controlled(
      controller.signal,
      () => {},
      async () => {
        called = true;
      },
    ),
  );
  expect(isAborted(error)).toBe(true);
  expect(called).toBe(false);
});
