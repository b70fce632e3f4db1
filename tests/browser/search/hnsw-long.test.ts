import { afterEach, describe, expect, it } from 'vitest';
import { clusters } from '../../../scripts/bench/clusters.ts';
import { exact as exactBackend } from '../../../src/search/backends/exact.ts';
import { hnsw, rankWith } from '../../../src/search/backends/hnsw.ts';
import { plainClasses } from '../../../src/search/classes/plain.ts';
import type { SearchKernel } from '../../../src/search/held-gallery.ts';
import { DEFAULT_HNSW, type HnswIndex } from '../../../src/search/hnsw.ts';
import { exactIndex, plainKernel } from '../../../src/search/plain/kernel.ts';
import { measureRecall } from '../../../src/search/recall.ts';
import { compileSearch } from '../../../src/search/simd/instance.ts';
import { simdKernel } from '../../../src/search/simd/kernel.ts';
import type { Gallery } from '../../../src/search/vector-index.ts';
import { hold } from '../../hold.ts';
import { finish } from '../../unit/math/finish.ts';
import { atOnce } from '../../unit/search/work.ts';

const databases = async (): Promise<(string | undefined)[]> =>
  (await indexedDB.databases()).map(({ name }) => name).sort();
/** Other files' tests in the same browser may have left some. */
const databasesBefore = await databases();

const binary = await fetch(new URL('../../../src/search/simd/search.wasm', import.meta.url));
const kernels: SearchKernel[] = [
  plainKernel,
  simdKernel(await compileSearch(await binary.arrayBuffer()), plainClasses),
];
const made: HnswIndex[] = [];

afterEach(() => {
  for (const index of made.splice(0)) index.dispose();
});

function galleryOf(embeddings: Float32Array, dimensions: number): Gallery {
  return { embeddings, dimensions, rows: embeddings.length / dimensions };
}

describe.each(kernels)('$kind kernel', (kernel) => {
  async function start({ embeddings, dimensions }: Gallery, settings = DEFAULT_HNSW) {
    return hold(kernel.room(embeddings.length / dimensions, dimensions), embeddings).buildHnsw(settings);
  }

  async function build(gallery: Gallery, settings = DEFAULT_HNSW): Promise<HnswIndex> {
    const { result } = finish(await start(gallery, settings));
    made.push(result);
    return result;
  }

  describe('HNSW over 2,000 clustered images', () => {
    const gallery = galleryOf(clusters(2000, 192), 192);
    const queries = clusters(200, 192, { seed: 5 });
    const exact = exactIndex(gallery);

    it('finds at least 0.99 of the exact ten nearest at the default efSearch, and fewer at a small one', async () => {
      const held = hold(kernel.room(2000, 192), gallery.embeddings);
      const [index, truth] = [await hnsw.open(held, {}, atOnce), await exactBackend.open(held, {}, atOnce)];
      const { recall } = await measureRecall(index, truth, queries, 192, 10, atOnce);
      expect(recall).toBeGreaterThanOrEqual(0.99);
      index.setEfSearch?.(10);
      expect((await measureRecall(index, truth, queries, 192, 10, atOnce)).recall).toBeLessThan(recall);
      await index.close();
    });

    it('gives the same index twice', async () => {
      // At a small efSearch what is found depends on each link.
      const settings = { ...DEFAULT_HNSW, efSearch: 10 };
      const first = finish(rankWith(await build(gallery, settings), queries, 192, 10)).result;
      expect(finish(rankWith(await build(gallery, settings), queries, 192, 10)).result).toEqual(first);
    });

    it('shows the similarities of exact search, bit for bit, best first', async () => {
      const index = await build(gallery);
      const query = queries.subarray(0, 192);
      const truth = new Map(exact.search(query, 2000).map(({ row, similarity }) => [row, similarity]));
      const hits = index.search(query, 50);
      expect(hits).toHaveLength(50);
      for (const { row, similarity } of hits) expect(similarity).toBe(truth.get(row));
      expect(hits).toEqual(hits.toSorted((a, b) => b.similarity - a.similarity || a.row - b.row));
    });

    it('reports the rows it has added, and frees itself when it is given up', async () => {
      const reports: number[] = [];
      const steps = await start(gallery, DEFAULT_HNSW);
      for (let i = 0; i < 5; i++) reports.push(Number(steps.next().value));
      expect(reports).toEqual([32, 64, 96, 128, 160]);
      expect(() => steps.throw(new Error('enough'))).toThrow('enough');
      expect(steps.next().done).toBe(true);
    });
  });

  describe('HNSW over odd galleries', () => {
    it('answers from an empty one with nothing', async () => {
      expect((await build(galleryOf(new Float32Array(0), 4))).search(Float32Array.of(1, 0, 0, 0), 5)).toEqual([]);
    });

    it('answers with all where there are fewer than k', async () => {
      const gallery = galleryOf(clusters(7, 16), 16);
      const query = clusters(1, 16, { seed: 3 });
      expect((await build(gallery)).search(query, 10)).toEqual(exactIndex(gallery).search(query, 10));
    });

    it('finds every copy of an image that is there 300 times, and what lies behind the copies', async () => {
      const others = clusters(500, 32, { classes: 5 });
      const copy = clusters(1, 32, { seed: 8 });
      const embeddings = new Float32Array(800 * 32);
      embeddings.set(others.subarray(0, 250 * 32));
      for (let i = 0; i < 300; i++) embeddings.set(copy, (250 + i) * 32);
      embeddings.set(others.subarray(250 * 32), 550 * 32);
      const gallery = galleryOf(embeddings, 32);
      const index = await build(gallery);
      expect(index.search(copy, 300).map(({ row }) => row)).toEqual(Array.from({ length: 300 }, (_, i) => 250 + i));
      expect(index.search(copy, 320)).toEqual(exactIndex(gallery).search(copy, 320));
    });

    it('keeps zero vectors, at similarity 0', async () => {
      const embeddings = clusters(60, 8, { classes: 3 });
      embeddings.fill(0, 0, 40 * 8);
      const gallery = galleryOf(embeddings, 8);
      const query = embeddings.slice(50 * 8, 51 * 8);
      const index = await build(gallery);
      expect(index.search(query, 60)).toEqual(exactIndex(gallery).search(query, 60));
      expect(index.search(new Float32Array(8), 3)).toEqual([0, 1, 2].map((row) => ({ row, similarity: 0 })));
    });

    it('says so where the gallery is too large for it', async () => {
      // Links enough make ten rows too many: too many to add, to have room for, and for 32 bits to tell.
      const gallery = galleryOf(clusters(10, 16), 16);
      for (const m of [26_000_000, 26_843_000, 54_000_000]) {
        const steps = await start(gallery, { ...DEFAULT_HNSW, m });
        expect(() => steps.next()).toThrow(/more than an HNSW index can hold .* Exact search goes on answering/);
      }
    });

    it('ends a search over a disposed index as cancelled', async () => {
      const index = await build(galleryOf(clusters(9, 8), 8));
      index.dispose();
      expect(() => index.search(clusters(1, 8), 1)).toThrow(expect.objectContaining({ code: 'aborted' }));
      index.dispose();
    });

    it('writes nothing into the browser', async () => {
      await build(galleryOf(clusters(50, 8), 8));
      expect(await databases()).toEqual(databasesBefore);
    });
  });
});
