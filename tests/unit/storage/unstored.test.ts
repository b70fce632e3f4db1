import { expect, test, vi } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import { Unstored } from '../../../src/storage/unstored.ts';

/** A disk that can be full, and what is on it in order. */
function disk() {
  const stored: string[] = [];
  const state = { full: true, stored };
  const write = (text: string) => async () => {
    if (state.full) throw new AppError('storage-full', 'There is no room.');
    stored.push(text);
  };
  return { state, write };
}

test('what has no room waits, is counted, and is stored in order once there is', async () => {
  const { state, write } = disk();
  const told = vi.fn();
  const unstored = new Unstored(told);
  expect(await unstored.store({ name: 'a', bytes: 10 }, write('a'))).toBe(false);
  expect(await unstored.store({ name: 'b', bytes: 5 }, write('b'))).toBe(false);
  expect([told.mock.calls.length, unstored.bytes]).toEqual([2, 15]);
  await expect(unstored.retry()).rejects.toMatchObject({ code: 'storage-full' });
  expect(unstored.bytes).toBe(15);
  state.full = false;
  await unstored.retry();
  expect([state.stored, unstored.bytes]).toEqual([['a', 'b'], 0]);
});

test('of two writes of one thing the later counts, whether it waits or not', async () => {
  const { state, write } = disk();
  const unstored = new Unstored(() => {});
  await unstored.store({ name: 'setting', bytes: 10 }, write('old'));
  await unstored.store({ name: 'setting', bytes: 4 }, write('newer'));
  expect(unstored.bytes).toBe(4);
  state.full = false;
  expect(await unstored.store({ name: 'setting', bytes: 4 }, write('newest'))).toBe(true);
  await unstored.retry();
  expect(state.stored).toEqual(['newest']);
});

test('a deleted data set is not stored later', async () => {
  const { state, write } = disk();
  const unstored = new Unstored(() => {});
  await unstored.store({ name: 'dataset d', bytes: 1 }, write('dataset d'));
  await unstored.store({ name: 'run d best', bytes: 1 }, write('run d'));
  await unstored.store({ name: 'run e d', bytes: 1 }, write('run e'));
  unstored.dropDataset('d');
  state.full = false;
  await unstored.retry();
  expect(state.stored).toEqual(['run e']);
});

test('no more waits than a tab can hold, and other failures are failures', async () => {
  const { write } = disk();
  const unstored = new Unstored(() => {});
  await unstored.store({ name: 'a', bytes: 200 * 2 ** 20 }, write('a'));
  await expect(unstored.store({ name: 'b', bytes: 100 * 2 ** 20 }, write('b'))).rejects.toMatchObject({
    code: 'storage-full',
  });
  const broken = async () => {
    throw new AppError('storage-refused', 'Broken.');
  };
  await expect(unstored.store({ name: 'c', bytes: 1 }, broken)).rejects.toMatchObject({ code: 'storage-refused' });
});
