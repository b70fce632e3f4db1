import { expect, test } from 'vitest';
import { trustworthiness } from '../../../scripts/bench/trustworthiness.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { normaliseRows } from '../../../src/math/vectors.ts';

const N = 60;

/** Points on an arc, farther apart from one to the next, so that no two neighbours are equally near. */
const angles = Array.from({ length: N }, (_, i) => (i / N) ** 1.3);
const rows = normaliseRows(Float32Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)])), 2);

test('a map that keeps all neighbours is trusted wholly, however it is turned and stretched', () => {
  const line = Float32Array.from(angles.flatMap((angle) => [-3 * angle, 7]));
  expect(trustworthiness(rows, 2, line, { k: 5 })).toBe(1);
});

test('strangers that are drawn near count by their rank', () => {
  // Two of 60 places exchanged: their own neighbours, and those beside them, are wrong.
  const order = angles.map((_, i) => angles[i === 10 ? 50 : i === 50 ? 10 : i] ?? 0);
  const places = Float32Array.from(order.flatMap((at) => [at, 0]));
  const k = 2;
  const rankOf = (a: number, b: number) => {
    const apart = (one: number) => Math.abs((angles[one] ?? 0) - (angles[a] ?? 0));
    const nearer = angles.filter((_, i) => i !== a && apart(i) < apart(b)).length;
    return nearer + 1;
  };
  const distance = (a: number, b: number) => Math.abs((order[a] ?? 0) - (order[b] ?? 0));
  let strange = 0;
  for (let a = 0; a < N; a++) {
    const others = angles.map((_, i) => i).filter((i) => i !== a);
    const near = others.sort((b, c) => distance(a, b) - distance(a, c)).slice(0, k);
    for (const b of near) strange += Math.max(0, rankOf(a, b) - k);
  }
  const expected = 1 - (2 * strange) / (N * k * (2 * N - 3 * k - 1));
  expect(expected).toBeLessThan(0.99);
  expect(trustworthiness(rows, 2, places, { k })).toBeCloseTo(expected, 2);
});

test('places at random are trusted by about a half', () => {
  const random = seededRandom(3);
  const places = Float32Array.from({ length: 2 * N }, () => random.gaussian());
  const trust = trustworthiness(rows, 2, places, { k: 5 });
  expect(trust).toBeGreaterThan(0.35);
  expect(trust).toBeLessThan(0.65);
});
