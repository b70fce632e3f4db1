import { expect, test } from 'vitest';
import { createCatchUp, type Part } from '../../../src/app/catch-up.ts';

/** A catch-up whose readings take until `end` is called for each, in order. */
function slowly() {
  const closing = new AbortController();
  const catchUp = createCatchUp(closing.signal);
  const read: Part[] = [];
  const ends: (() => void)[] = [];
  catchUp.serve((part) => {
    read.push(part);
    return new Promise((resolve) => {
      ends.push(resolve);
    });
  });
  const turn = () => new Promise((resolve) => setTimeout(resolve));
  const end = async () => {
    await turn();
    ends.shift()?.();
    await turn();
  };
  return { catchUp, read, end, turn, close: () => closing.abort() };
}

test('what is told in one turn is read together, each part once, in a fixed order', async () => {
  const { catchUp, read, end } = slowly();
  catchUp.touch(['storage', 'models']);
  catchUp.touch(['models', 'comparison']);
  expect(read).toEqual([]);
  for (let i = 0; i < 4; i++) await end();
  expect(read).toEqual(['comparison', 'models', 'storage']);
});

test('what changes while it is read is read again, once', async () => {
  const { catchUp, read, end, turn } = slowly();
  catchUp.touch(['models']);
  await turn();
  catchUp.touch(['models']);
  catchUp.touch(['models']);
  for (let i = 0; i < 3; i++) await end();
  expect(read).toEqual(['models', 'models']);
});

test('what a job tells is read at its end, within an action at the end of both', async () => {
  const { catchUp, read, end, turn } = slowly();
  const endAction = catchUp.hold('action');
  const endJob = catchUp.hold('job');
  catchUp.touch(['models'], 'job');
  catchUp.touch(['comparison'], 'action');
  catchUp.touch(['storage'], 'now');
  await end();
  expect(read).toEqual(['storage']);
  endJob();
  endJob();
  await turn();
  expect(read).toEqual(['storage']);
  endAction();
  for (let i = 0; i < 2; i++) await end();
  expect(read).toEqual(['storage', 'comparison', 'models']);
});

test('a job that goes on after an action has ended keeps what waits for it alone', async () => {
  const { catchUp, read, end, turn } = slowly();
  const endJob = catchUp.hold('job');
  const endAction = catchUp.hold('action');
  catchUp.touch(['models'], 'job');
  catchUp.touch(['comparison'], 'action');
  endAction();
  await end();
  expect(read).toEqual(['comparison']);
  endJob();
  await turn();
  expect(read).toEqual(['comparison', 'models']);
});

test('settled waits for the parts that are asked for, and for no others', async () => {
  const { catchUp, end, turn } = slowly();
  const seen: string[] = [];
  await catchUp.settled();
  catchUp.touch(['comparison', 'models', 'storage']);
  void catchUp.settled(['comparison']).then(() => seen.push('comparison'));
  void catchUp.settled(['models']).then(() => seen.push('models'));
  void catchUp.settled().then(() => seen.push('all'));
  await turn();
  expect(seen).toEqual([]);
  await end();
  expect(seen).toEqual(['comparison']);
  await end();
  expect(seen).toEqual(['comparison', 'models']);
  await end();
  expect(seen).toEqual(['comparison', 'models', 'all']);
});

test('nothing more is read for a workspace that was closed', async () => {
  const { catchUp, read, end, turn, close } = slowly();
  catchUp.touch(['comparison', 'models']);
  await turn();
  close();
  await end();
  catchUp.touch();
  await turn();
  expect(read).toEqual(['comparison']);
  await catchUp.settled();
});

test('what was told before anybody reads is not forgotten', async () => {
  const catchUp = createCatchUp(new AbortController().signal);
  catchUp.touch(['models']);
  await catchUp.settled();
  const read: Part[] = [];
  catchUp.serve(async (part) => void read.push(part));
  await catchUp.settled();
  expect(read).toEqual(['models']);
});
