import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dot, similarityBlocks } from '../../../src/math/similarity.ts';
import { exactTopK, selectTop } from '../../../src/math/topk.ts';
import { finish } from './finish.ts';

/** The definition, in float64, by sorting everything. */
function naiveTopK(gallery: Float32Array, query: Float32Array, dimensions: number, k: number): number[] {
  const rows = Array.from({ length: gallery.length / dimensions }, (_, row) => {
    let sum = 0;
    for (let i = 0; i < dimensions; i++) sum += (query[i] ?? 0) * (gallery[row * dimensions + i] ?? 0);
    return { row, similarity: Math.fround(sum) };
  });
  rows.sort((a, b) => b.similarity - a.similarity || a.row - b.row);
  return rows.slice(0, k).map(({ row }) => row);
}

describe('selectTop', () => {
  it('orders by similarity, ties by index', () => {
    const rows = new Int32Array(4);
    const best = new Float32Array(4);
    expect(selectTop(Float32Array.of(0.5, 1, 0.5, 0.25, 1, 0.5), rows, best)).toBe(4);
    expect([...rows]).toEqual([1, 4, 0, 2]);
    expect([...best]).toEqual([1, 1, 0.5, 0.5]);
  });

  it('writes what there is when there is less than k', () => {
    const rows = new Int32Array(3).fill(-1);
    const best = new Float32Array(3).fill(-9);
    expect(selectTop(Float32Array.of(-0.5), rows, best)).toBe(1);
    expect([...rows]).toEqual([0, -1, -1]);
    expect([...best]).toEqual([-0.5, -9, -9]);
    expect(selectTop(new Float32Array(0), rows, best)).toBe(0);
    expect(selectTop(Float32Array.of(1), new Int32Array(0), new Float32Array(0))).toBe(0);
  });

  it('equals sorting, with many ties and any k', () => {
    const values = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 70 }), (numbers, k) => {
        const rows = new Int32Array(k);
        const size = selectTop(Float32Array.from(numbers), rows, new Float32Array(k));
        const sorted = numbers.map((value, row) => ({ value, row }));
        sorted.sort((a, b) => b.value - a.value || a.row - b.row);
        expect([...rows.subarray(0, size)]).toEqual(sorted.slice(0, k).map(({ row }) => row));
      }),
    );
  });
});

describe('exactTopK', () => {
  it('equals the definition for every shape, remainders of the tiles included', () => {
    const value = fc.integer({ min: -3, max: 3 });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 11 }),
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 13 }),
        fc.array(value, { minLength: 200, maxLength: 200 }),
        (n, m, dimensions, k, numbers) => {
          const gallery = Float32Array.from(numbers.slice(0, n * dimensions), (x) => x / 7);
          const queries = Float32Array.from(numbers.slice(100, 100 + m * dimensions), (x) => x / 7);
          const { result } = finish(exactTopK(gallery, queries, dimensions, k));
          for (let q = 0; q < m; q++) {
            const expected = naiveTopK(gallery, queries.subarray(q * dimensions, (q + 1) * dimensions), dimensions, k);
            const padding = new Array<number>(k - expected.length).fill(-1);
            expect([...result.rows.subarray(q * k, (q + 1) * k)]).toEqual([...expected, ...padding]);
          }
        },
      ),
    );
  });

  it('ranks the whole gallery as a permutation of its rows', () => {
    const unit = fc.float32Array({ minLength: 60, maxLength: 60, noNaN: true, min: -1, max: 1 });
    fc.assert(
      fc.property(unit, (numbers) => {
        const { result } = finish(exactTopK(numbers, numbers.subarray(0, 6), 3, 20));
        for (const q of [0, 1]) {
          const rows = [...result.rows.subarray(q * 20, (q + 1) * 20)];
          expect(rows.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, row) => row));
        }
      }),
    );
  });

  it('gives a pair the same similarity bit for bit, whatever is computed beside it', () => {
    const dimensions = 37;
    const numbers = Float32Array.from({ length: 11 * dimensions }, (_, i) => Math.sin(i * 1.7) / 6);
    for (const { from, to, similarities } of similarityBlocks(numbers, numbers, dimensions)) {
      for (let q = from; q < to; q++) {
        for (let g = 0; g < 11; g++) {
          const alone = dot(numbers, numbers, q * dimensions, g * dimensions, dimensions);
          expect(similarities[(q - from) * 11 + g]).toBe(alone);
        }
      }
    }
  });

  it('stops between blocks, so that a large product can be cancelled and reports its progress', () => {
    const gallery = new Float32Array(2000 * 500);
    const queries = new Float32Array(300 * 500);
    const { reports } = finish(exactTopK(gallery, queries, 500, 1));
    expect(reports.length).toBeGreaterThan(3);
    expect(reports.at(-1)).toBe(300);
    expect(reports).toEqual([...reports].sort((a, b) => a - b));
  });

  it('pads with −1 and −Infinity, and refuses nonsense', () => {
    const { result } = finish(exactTopK(Float32Array.of(1, 0), Float32Array.of(1, 0), 2, 3));
    expect([...result.rows]).toEqual([0, -1, -1]);
    expect([...result.similarities]).toEqual([1, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    expect(() => finish(exactTopK(new Float32Array(4), new Float32Array(3), 2, 1))).toThrow(/no matrix/);
    expect(() => finish(exactTopK(new Float32Array(4), new Float32Array(2), 2, 0))).toThrow(/above 0, not 0/);
  });
});
