import { describe, expect, it } from 'vitest';
import { clusters } from '../../../scripts/bench/clusters.ts';
import { nearestOthers } from '../../../src/math/nearest-by-components.ts';
import { nearestByDescent } from '../../../src/math/nearest-by-descent.ts';
import { finish } from './finish.ts';

const D = 24;
const K = 20;

describe('nearestByDescent', () => {
  it.each([
    ['in groups', { classes: 30, spread: 0.6 }],
    ['in one cloud', { classes: 1, spread: 1.3 }],
  ])('finds nearly all neighbours of rows that lie %s', (_, how) => {
    const vectors = clusters(2500, D, how);
    const { rows, similarities } = finish(nearestByDescent(vectors, D, K, 0)).result;
    const exact = finish(nearestOthers(vectors, D, K)).result;
    let hits = 0;
    for (let row = 0; row < 2500; row++) {
      const own = rows.subarray(row * K, (row + 1) * K);
      expect(new Set(own).size).toBe(K);
      expect(own).not.toContain(row);
      const near = [...similarities.subarray(row * K, (row + 1) * K)];
      expect(near).toEqual([...near].sort((a, b) => b - a));
      for (const other of exact.rows.subarray(row * K, (row + 1) * K)) if (own.includes(other)) hits += 1;
    }
    expect(hits / rows.length).toBeGreaterThan(0.96);
  });

  it('gives the same for the same seed, also where rows are equal', () => {
    const vectors = new Float32Array(200 * D);
    for (let row = 0; row < 200; row++) vectors[row * D + (row % 3)] = 1;
    const [once, again] = [0, 0].map(() => finish(nearestByDescent(vectors, D, 5, 7)).result);
    expect(once).toEqual(again);
    expect([...(once?.similarities ?? [])].every((similarity) => similarity === 1)).toBe(true);
  });
});
