import { expect, test } from 'vitest';
import {
  createTeamMemory,
  dissolve,
  hull,
  joinTeam,
  type Range,
  renew,
} from '../../../src/models/engines/wasm/team.ts';

/** Long beside what a look takes. */
const PATIENCE_MS = 50;

const halves: readonly Range[] = [
  [0, 2],
  [2, 4],
];
const all: readonly Range[] = [
  [0, 4],
  [0, 4],
];

test('a worker whose team never comes gives up', () => {
  const team = joinTeam({ memory: createTeamMemory(), index: 0, count: 2 }, PATIENCE_MS);
  expect(() => team.exchange(() => Float32Array.of(1, 2, 0, 0), halves, all)).toThrow(
    expect.objectContaining({ code: 'aborted', message: expect.stringContaining('too long') }),
  );
});

test('a team that is dissolved ends every wait at once, until its memory is used again', () => {
  const memory = createTeamMemory();
  dissolve(memory);
  const team = joinTeam({ memory, index: 1, count: 2 });
  expect(() => team.exchange(() => Float32Array.of(0, 0, 3, 4), halves, all)).toThrow(
    expect.objectContaining({ code: 'aborted', message: expect.stringContaining('ended') }),
  );
  renew(memory);
  const again = joinTeam({ memory, index: 1, count: 2 }, PATIENCE_MS);
  expect(() => again.exchange(() => Float32Array.of(0, 0, 3, 4), halves, all)).toThrow(
    expect.objectContaining({ message: expect.stringContaining('too long') }),
  );
});

test('nobody waits where everybody has what is wanted', () => {
  const team = joinTeam({ memory: createTeamMemory(), index: 0, count: 2 }, PATIENCE_MS);
  const data = Float32Array.of(1, 2, 3, 4);
  team.exchange(() => data, halves, halves);
  team.exchange(() => data, halves, [
    [1, 2],
    [0, 0],
  ]);
  expect(data).toEqual(Float32Array.of(1, 2, 3, 4));
});

test('what lies between ranges is part of their hull, what is empty is not', () => {
  expect(
    hull([
      [3, 5],
      [0, 0],
      [8, 9],
    ]),
  ).toEqual([3, 9]);
  expect(hull([[4, 4]])).toEqual([0, 0]);
});
