import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/math/random.ts';
import { exactTopK } from '../../../src/math/topk.ts';
import { normaliseRows } from '../../../src/math/vectors.ts';
import type { OpenIndex } from '../../../src/search/backend.ts';
import { exact as exactBackend } from '../../../src/search/backends/exact.ts';
import { groupDuplicates } from '../../../src/search/duplicates.ts';
import { Filling } from '../../../src/search/held-gallery.ts';
import { exactIndex, plainKernel } from '../../../src/search/plain/kernel.ts';
import { measureRecall } from '../../../src/search/recall.ts';
import { SearchedGallery } from '../../../src/search/searched-gallery.ts';
import { hold } from '../../hold.ts';
import { finish } from '../math/finish.ts';
import { atOnce } from './work.ts';

function unitRows(rows: number, dimensions: number, seed: number): Float32Array<ArrayBuffer> {
  const random = seededRandom(seed);
  return normaliseRows(Float32Array.from({ length: rows * dimensions }, random.gaussian), dimensions);
}

describe('exactIndex', () => {
  const embeddings = unitRows(53, 7, 1);
  const index = exactIndex({ embeddings, dimensions: 7, rows: 53 });

  it('answers as the blocked product does, bit for bit', () => {
    const queries = unitRows(9, 7, 2);
    const { result } = finish(exactTopK(embeddings, queries, 7, 12));
    for (let i = 0; i < 9; i++) {
      const hits = index.search(queries.subarray(i * 7, (i + 1) * 7), 12);
      expect(hits.map(({ row }) => row)).toEqual([...result.rows.subarray(i * 12, (i + 1) * 12)]);
      expect(hits.map(({ similarity }) => similarity)).toEqual([...result.similarities.subarray(i * 12, (i + 1) * 12)]);
    }
  });

  it('answers with the whole gallery where k is larger, and with nothing where it is empty', () => {
    const hits = index.search(unitRows(1, 7, 3), 100);
    expect(hits.map(({ row }) => row).sort((a, b) => a - b)).toEqual(Array.from({ length: 53 }, (_, row) => row));
    expect(
      exactIndex({ embeddings: new Float32Array(0), dimensions: 7, rows: 0 }).search(unitRows(1, 7, 3), 5),
    ).toEqual([]);
  });

  it('gives a zero vector the similarity 0 with everything', () => {
    const hits = index.search(new Float32Array(7), 3);
    expect(hits).toEqual([0, 1, 2].map((row) => ({ row, similarity: 0 })));
  });
});

describe('groupDuplicates', () => {
  it('groups rows that are bit-identical', () => {
    const embeddings = Float32Array.of(1, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1e-7);
    const { representatives, rowsOf } = groupDuplicates({ embeddings, dimensions: 2, rows: 7 });
    expect([...representatives]).toEqual([0, 1, 3, 6]);
    expect([0, 1, 3, 6].map(rowsOf)).toEqual([[0, 2, 4], [1], [3, 5], [6]]);
  });

  it('tells apart different rows of one hash', () => {
    // FNV-1a over words is linear enough to collide by hand: x ^ seed times the prime, then ^ y.
    const first = Uint32Array.of(1, 0);
    const prime = 0x01000193;
    const mix = (x: number) => Math.imul(0x811c9dc5 ^ x, prime);
    const second = Uint32Array.of(2, mix(1) ^ mix(2) ^ 0);
    const embeddings = new Float32Array(Uint32Array.of(...first, ...second).buffer);
    expect([...groupDuplicates({ embeddings, dimensions: 2, rows: 2 }).representatives]).toEqual([0, 1]);
  });

  it('finds the rows of a view into a larger buffer', () => {
    const embeddings = Float32Array.of(9, 9, 1, 2, 1, 2).subarray(2);
    expect([...groupDuplicates({ embeddings, dimensions: 2, rows: 2 }).representatives]).toEqual([0]);
  });
});

describe('measureRecall', () => {
  const open = (embeddings: Float32Array, dimensions: number) =>
    exactBackend.open(hold(plainKernel.room(embeddings.length / dimensions, dimensions), embeddings), {}, atOnce);
  const queries = unitRows(8, 4, 2);
  /** Answers as `index` does, but for the first hit, in whose place it gives row `instead`. */
  const missing = (index: OpenIndex, instead: { row: number; similarity: number }): OpenIndex => ({
    ...index,
    async search(query, k, work) {
      const found = await index.search(query, k, work);
      found.rows[0] = instead.row;
      found.similarities[0] = instead.similarity;
      return found;
    },
  });

  it('is the share of the exact neighbours that were found', async () => {
    const exact = await open(unitRows(30, 4, 1), 4);
    expect((await measureRecall(exact, exact, queries, 4, 10, atOnce)).recall).toBe(1);
    const blind = missing(exact, { row: 3, similarity: -1 });
    expect((await measureRecall(blind, exact, queries, 4, 10, atOnce)).recall).toBeCloseTo(0.9, 12);
  });

  it('counts what there is where the gallery is smaller than k', async () => {
    const exact = await open(unitRows(3, 4, 1), 4);
    const blind = missing(exact, { row: 1, similarity: -1 });
    expect((await measureRecall(blind, exact, queries, 4, 10, atOnce)).recall).toBeCloseTo(2 / 3, 12);
  });

  it('counts either of two equals as found', async () => {
    const exact = await open(Float32Array.of(1, 0, 1, 0, 0, 1), 2);
    const other = missing(exact, { row: 1, similarity: 1 });
    expect((await measureRecall(other, exact, Float32Array.of(1, 0), 2, 1, atOnce)).recall).toBe(1);
  });

  it('asks for a query', async () => {
    const exact = await open(unitRows(30, 4, 1), 4);
    await expect(measureRecall(exact, exact, new Float32Array(0), 4, 10, atOnce)).rejects.toThrow(/without a query/);
  });
});

describe('Filling', () => {
  it('is searched like a gallery in one piece once all its blocks have come', () => {
    const filling = new Filling(plainKernel, 3, 2);
    filling.fill(Float32Array.of(1, 0));
    expect(filling.whole()).toBeNull();
    filling.fill(Float32Array.of(0, 1, 0, 0));
    expect(filling.whole()?.exact.search(Float32Array.of(0, 1), 1)).toEqual([{ row: 1, similarity: 1 }]);
    expect(() => filling.fill(Float32Array.of(1, 0))).toThrow(/More rows came than the 3/);
  });

  it('refuses embeddings that a search would rank by nonsense', () => {
    const filling = new Filling(plainKernel, 2, 2);
    expect(() => filling.fill(Float32Array.of(1, 0, 2, 0))).toThrow(/Embedding 2 of 2 is not of length 1/);
    filling.fill(Float32Array.of(1, 0, 0, 0));
    const held = filling.whole();
    const searched = held && new SearchedGallery(held);
    expect(() => searched?.checkQueries(Float32Array.of(Number.NaN, 0))).toThrow(/not a number/);
    expect(() => searched?.checkQueries(Float32Array.of(1, 0, 0))).toThrow(/no matrix with rows of 2/);
    expect(searched?.checkQueries(Float32Array.of(1, 0, 0, 1))).toBe(2);
  });
});
