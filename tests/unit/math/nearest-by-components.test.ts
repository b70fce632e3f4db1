import { expect, it } from 'vitest';
import { nearestOthers } from '../../../src/math/nearest-by-components.ts';
import { finish } from './finish.ts';

const at = (degrees: number) => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
const nearest = (degrees: readonly number[], k: number) =>
  finish(nearestOthers(Float32Array.from(degrees.flatMap(at)), 2, k)).result;

it('finds the others in order, never the row itself', () => {
  const { rows, similarities, k } = nearest([0, 10, 30, 70], 2);
  expect(k).toBe(2);
  expect([...rows]).toEqual([1, 2, 0, 2, 1, 0, 2, 1]);
  expect(similarities[0]).toBeCloseTo(Math.cos(Math.PI / 18), 6);
});

it('drops itself among equals too, wherever it stands', () => {
  const { rows } = nearest([5, 5, 5, 5, 90], 2);
  // The fourth row's k + 1 nearest are rows 0, 1 and 2: itself is not among them.
  expect([...rows]).toEqual([1, 2, 0, 2, 0, 1, 0, 1, 0, 1]);
});

it('leaves the places empty that too few others fill', () => {
  const { rows, similarities } = nearest([0, 40], 3);
  expect([...rows]).toEqual([1, -1, -1, 0, -1, -1]);
  expect(similarities[1]).toBe(Number.NEGATIVE_INFINITY);
});
