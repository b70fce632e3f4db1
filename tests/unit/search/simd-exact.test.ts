import { describe, expect, it, test, vi } from 'vitest';
import { seededRandom } from '../../../src/math/random.ts';
import { type SimilaritySource, similaritySource } from '../../../src/math/similarity.ts';
import { exactTopK } from '../../../src/math/topk.ts';
import { normaliseRows } from '../../../src/math/vectors.ts';
import type { HeldGallery } from '../../../src/search/held-gallery.ts';
import { roomIn } from '../../../src/search/simd/kernel.ts';
import { hold as holdIn } from '../../hold.ts';
import { finish } from '../math/finish.ts';
import { freshInstance } from './simd.ts';

// Other programs may have the processor.
vi.setConfig({ testTimeout: 60_000 });

const hold = (matrix: Float32Array, dimensions: number): HeldGallery =>
  holdIn(roomIn(freshInstance, matrix.length / dimensions, dimensions), matrix);

function unitRows(rows: number, dimensions: number, seed: number): Float32Array<ArrayBuffer> {
  const random = seededRandom(seed);
  return normaliseRows(Float32Array.from({ length: rows * dimensions }, random.gaussian), dimensions);
}

/** All blocks one after another, copied: each overwrites the one before. */
function allOf({ queries, rows, blocks }: SimilaritySource): Float32Array<ArrayBuffer> {
  const all = new Float32Array(queries * rows);
  for (const { from, to, similarities } of blocks()) {
    all.set(similarities.subarray(0, (to - from) * rows), from * rows);
  }
  return all;
}

// Rows that fill tiles and ones that do not, odd queries, dimensions that need filling up.
test.each([
  { rows: 1, dimensions: 1, queries: 1, k: 1 },
  { rows: 53, dimensions: 7, queries: 9, k: 12 },
  { rows: 1030, dimensions: 16, queries: 65, k: 3 },
  { rows: 2051, dimensions: 33, queries: 131, k: 100 },
  { rows: 700, dimensions: 512, queries: 66, k: 701 },
])('ranks $queries queries over $rows × $dimensions as the plain product does, bit for bit', (shape) => {
  const { rows, dimensions, queries, k } = shape;
  const gallery = unitRows(rows, dimensions, 1);
  const asked = unitRows(queries, dimensions, 2);
  const held = hold(gallery, dimensions);
  const truth = finish(exactTopK(gallery, asked, dimensions, k)).result;
  const { result, reports } = finish(held.rank(asked, k));
  expect(result).toEqual(truth);
  expect(reports.at(-1)).toBe(queries);
  // As bytes: to compare hundreds of thousands of numbers one by one would take seconds.
  const bytes = Buffer.from(allOf(held.similarities(asked)).buffer);
  expect(bytes.equals(Buffer.from(allOf(similaritySource(gallery, asked, dimensions)).buffer))).toBe(true);
});

describe('exact search in SIMD', () => {
  it('orders rows that float32 cannot tell apart, and equal ones by gallery order', () => {
    // Around one direction so closely that products in float32 are wrong about the order of most.
    const random = seededRandom(5);
    const centre = unitRows(1, 96, 7);
    const close = Float32Array.from({ length: 3000 * 96 }, (_, i) => (centre[i % 96] ?? 0) + random.gaussian() * 3e-5);
    close.copyWithin(1000 * 96, 0, 500 * 96);
    const gallery = normaliseRows(close, 96);
    const held = hold(gallery, 96);
    const truth = finish(exactTopK(gallery, centre, 96, 40)).result;
    expect(new Set(truth.similarities).size).toBeLessThan(40);
    expect(finish(held.rank(centre, 40)).result).toEqual(truth);
    expect(held.exact.search(centre, 40).map(({ row }) => row)).toEqual([...truth.rows]);
  });

  it('keeps all of thousands of equal rows in sight', () => {
    const gallery = new Float32Array(5000 * 8);
    for (let row = 0; row < 5000; row++) gallery[row * 8 + (row % 2)] = 1;
    const hits = hold(gallery, 8).exact.search(Float32Array.of(0, 1, 0, 0, 0, 0, 0, 0), 3);
    expect(hits).toEqual([1, 3, 5].map((row) => ({ row, similarity: 1 })));
  });

  it('answers with the whole gallery where k is larger, and with nothing where it is empty', () => {
    const gallery = unitRows(53, 7, 1);
    const hits = hold(gallery, 7).exact.search(unitRows(1, 7, 3), 100);
    expect(hits.map(({ row }) => row).sort((a, b) => a - b)).toEqual(Array.from({ length: 53 }, (_, row) => row));
    const empty = hold(new Float32Array(0), 7);
    expect(empty.exact.search(unitRows(1, 7, 3), 5)).toEqual([]);
    expect([...finish(empty.rank(unitRows(2, 7, 3), 2)).result.rows]).toEqual([-1, -1, -1, -1]);
  });

  it('gives a zero vector the similarity 0 with everything', () => {
    const hits = hold(unitRows(9, 7, 1), 7).exact.search(new Float32Array(7), 3);
    expect(hits).toEqual([0, 1, 2].map((row) => ({ row, similarity: 0 })));
  });

  it('says so where the gallery is too large for it, before it takes anything', () => {
    const instance = freshInstance();
    expect(instance.gallery_open(2 ** 20, 2048)).toBe(0);
    expect(instance.gallery_open(2 ** 31, 2 ** 31)).toBe(0);
    expect(instance.memoryBytes).toBeLessThan(2 ** 23);
  });
});
