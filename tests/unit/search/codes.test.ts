import { readFileSync } from 'node:fs';
import { describe, expect, it, test, vi } from 'vitest';
import { clusters } from '../../../scripts/bench/clusters.ts';
import { exactTopK } from '../../../src/math/topk.ts';
import { bestCodes, holdCodes, RESCORED } from '../../../src/search/codes/held-codes.ts';
import { type CodeKernel, MOST_CODE, TILE_ROWS, wholeQuery } from '../../../src/search/codes/kernel.ts';
import { plainCodes } from '../../../src/search/codes/plain.ts';
import { simdCodes } from '../../../src/search/codes/simd.ts';
import { finish } from '../math/finish.ts';
import { atOnce } from './work.ts';

// Other programs may have the processor.
vi.setConfig({ testTimeout: 60_000 });

const binary = readFileSync(new URL('../../../src/search/codes/codes.wasm', import.meta.url));
const simd = simdCodes(new WebAssembly.Module(binary));
const kernels = [
  { name: 'plain', kernel: plainCodes },
  { name: 'SIMD', kernel: simd },
];

/** Files of `inFile` rows each, as storage has them. */
function filesOf(matrix: Float32Array<ArrayBuffer>, dimensions: number, inFile: number): Blob[] {
  const files: Blob[] = [];
  for (let at = 0; at < matrix.length; at += inFile * dimensions) {
    files.push(new Blob([matrix.slice(at, at + inFile * dimensions)]));
  }
  return files;
}

const held = (matrix: Float32Array<ArrayBuffer>, dimensions: number, kernel: CodeKernel = simd, inFile = 4096) =>
  holdCodes(kernel, { rows: matrix.length / dimensions, dimensions, blocks: filesOf(matrix, dimensions, inFile) });

// Dimensions that need filling up and ones that do not, rows that fill tiles and ones that do not.
test.each([
  { rows: 1, dimensions: 1 },
  { rows: 300, dimensions: 7 },
  { rows: 513, dimensions: 33 },
  { rows: TILE_ROWS + 5, dimensions: 16 },
  { rows: 600, dimensions: 512 },
])('codes and scores of $rows × $dimensions are bit-identical in SIMD and in plain loops', ({ rows, dimensions }) => {
  const matrix = clusters(rows, dimensions, { spread: 2 });
  matrix.fill(0, 0, rows > 1 ? dimensions : 0);
  const both = kernels.map(({ kernel }) => {
    const codes = kernel.room(rows, dimensions);
    codes.write(matrix, 0);
    const { integers } = wholeQuery(clusters(1, dimensions, { seed: 3 }), codes.stride);
    return [Number.NEGATIVE_INFINITY, 0].flatMap((threshold) =>
      Array.from({ length: Math.ceil(rows / TILE_ROWS) }, (_, tile) => {
        const first = tile * TILE_ROWS;
        const found = codes.above(integers, first, Math.min(TILE_ROWS, rows - first), threshold);
        return { rows: [...found.rows], scores: [...found.scores] };
      }),
    );
  });
  expect(both[1]).toEqual(both[0]);
  expect(both[0]?.flatMap((found) => found.rows).length).toBeGreaterThanOrEqual(rows);
});

test.each(kernels)('a number is off its code by half a scale at most ($name)', ({ kernel }) => {
  const [rows, dimensions] = [40, 24];
  const matrix = clusters(rows, dimensions, { spread: 3, seed: 8 });
  const codes = kernel.room(rows, dimensions);
  codes.write(matrix.subarray(0, 10 * dimensions), 0);
  codes.write(matrix.subarray(10 * dimensions), 10);
  for (let i = 0; i < dimensions; i++) {
    const direction = new Float32Array(dimensions);
    direction[i] = 1;
    const { integers, unit } = wholeQuery(direction, codes.stride);
    const { scores } = codes.above(integers, 0, rows, Number.NEGATIVE_INFINITY);
    for (let row = 0; row < rows; row++) {
      const numbers = matrix.subarray(row * dimensions, (row + 1) * dimensions);
      const scale = numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / MOST_CODE;
      const off = Math.abs((scores[row] ?? 0) * unit - (numbers[i] ?? 0));
      expect(off).toBeLessThanOrEqual((scale / 2) * (1 + 1e-5));
    }
  }
});

test('sums of products with the largest codes fit 32 bits, however wide the rows are', () => {
  for (const dimensions of [16, 512, 8192]) {
    const row = new Float32Array(dimensions).fill(1 / Math.sqrt(dimensions));
    const scores = kernels.map(({ kernel }) => {
      const codes = kernel.room(1, dimensions);
      codes.write(row, 0);
      return codes.above(wholeQuery(row, codes.stride).integers, 0, 1, Number.NEGATIVE_INFINITY).scores[0];
    });
    expect(scores[0]).toBeGreaterThan(0);
    expect(scores[1]).toBe(scores[0]);
  }
});

describe('a gallery held as codes', () => {
  it('finds what exact search finds, where images lie in clusters: recall@10 of 0.99 and more, the same cosines', async () => {
    const [rows, dimensions, queries] = [12_000, 64, 50];
    const matrix = clusters(rows, dimensions, { classes: 6, spread: 0.9 });
    const asked = clusters(queries, dimensions, { classes: 6, spread: 0.9, seed: 5 });
    const truth = finish(exactTopK(matrix, asked, dimensions, 10)).result;
    const answer = await (await held(matrix, dimensions)).search(asked, 10, atOnce);
    let found = 0;
    for (let query = 0; query < queries; query++) {
      const its = new Set(answer.rows.subarray(query * 10, query * 10 + 10));
      for (const row of truth.rows.subarray(query * 10, query * 10 + 10)) if (its.has(row)) found++;
    }
    expect(found / (queries * 10)).toBeGreaterThanOrEqual(0.99);
    expect(answer.similarities[0]).toBe(truth.similarities[0]);
  });

  it.each(kernels)('orders its candidates exactly as float32 orders them ($name)', async ({ kernel }) => {
    const [rows, dimensions, k] = [3000, 33, 1200];
    const matrix = clusters(rows, dimensions, { spread: 2 });
    const query = clusters(1, dimensions, { seed: 4, spread: 2 });
    const codes = kernel.room(rows, dimensions);
    codes.write(matrix, 0);
    const candidates = finish(bestCodes(codes, rows, wholeQuery(query, codes.stride), k)).result.rows;
    expect([...candidates]).toEqual([...new Set(candidates)].sort((a, b) => a - b));
    const isCandidate = new Set(candidates);
    const all = finish(exactTopK(matrix, query, dimensions, rows)).result;
    const expected = Array.from(all.rows, (row, i) => ({ row, similarity: all.similarities[i] })).filter(({ row }) =>
      isCandidate.has(row),
    );
    // Files of another number of rows than what is worked on at a time.
    const answer = await (await held(matrix, dimensions, kernel, 700)).search(query, k, atOnce);
    const found = Array.from(answer.rows, (row, i) => ({ row, similarity: answer.similarities[i] }));
    expect(found).toEqual(expected);
  });

  it('reads no vector that its codes rule out, and answers as if it had read all', async () => {
    const [rows, dimensions] = [4000, 64];
    const matrix = clusters(rows, dimensions, { classes: 80, spread: 0.5 });
    const asked = clusters(80, dimensions, { classes: 80, spread: 0.5, seed: 6 });
    let bytes = 0;
    class File extends Blob {
      override slice(start = 0, end = 0): Blob {
        bytes += end - start;
        return super.slice(start, end);
      }
    }
    // A class after another in files of a row each: what is read is what is asked for.
    const blocks = filesOf(matrix, dimensions, 1).map((file) => new File([file]));
    const gallery = await holdCodes(simd, { rows, dimensions, blocks });
    const answer = await gallery.search(asked, 10, atOnce);
    expect(answer).toEqual(finish(exactTopK(matrix, asked, dimensions, 10)).result);
    expect(bytes / (4 * dimensions * 80)).toBeLessThan(RESCORED / 4);
  });

  it('answers equal rows in gallery order, also where they are more than are compared again', async () => {
    const dimensions = 16;
    const one = clusters(1, dimensions, { seed: 2 });
    const matrix = clusters(3 * RESCORED, dimensions, { spread: 5 });
    for (let row = 500; row < 500 + 2 * RESCORED; row++) matrix.set(one, row * dimensions);
    const { rows } = await (await held(matrix, dimensions)).search(one, 20, atOnce);
    expect([...rows]).toEqual(Array.from({ length: 20 }, (_, i) => 500 + i));
  });

  it('answers a gallery smaller than k with all of it, and −1 behind', async () => {
    const dimensions = 16;
    const matrix = clusters(5, dimensions);
    const asked = clusters(2, dimensions, { seed: 1 });
    const answer = await (await held(matrix, dimensions)).search(asked, 7, atOnce);
    expect(answer).toEqual(finish(exactTopK(matrix, asked, dimensions, 7)).result);
  });

  it.each(kernels)(
    'is held again by kept codes, of which only damaged ones and those of other vectors are made again ($name)',
    async ({ kernel }) => {
      const [rows, dimensions] = [2500, 40];
      const matrix = clusters(rows, dimensions, { classes: 50 });
      const asked = clusters(20, dimensions, { classes: 50, seed: 4 });
      const blocks = filesOf(matrix, dimensions, 1000);
      const hold = (codes: readonly (Blob | null)[], from = blocks) =>
        holdCodes(kernel, { rows, dimensions, blocks: from, codes });
      const first = await hold([]);
      expect(first.made).toEqual([0, 1, 2]);
      const kept = blocks.map((_, block) => first.saved(block));
      const bytes = await Promise.all(kept.map(async (file) => new Uint8Array(await file.arrayBuffer())));
      // Codes filled up to 48, one scale a row, and a check.
      expect(bytes.map(({ length }) => length)).toEqual([1000 * 52 + 4, 1000 * 52 + 4, 500 * 52 + 4]);
      const truth = await first.search(asked, 10, atOnce);

      const again = await hold(kept);
      expect(again.made).toEqual([]);
      expect(await again.search(asked, 10, atOnce)).toEqual(truth);
      // Either kernel makes the same bytes.
      const other = await holdCodes(kernel === simd ? plainCodes : simd, { rows, dimensions, blocks, codes: kept });
      expect(other.made).toEqual([]);
      expect(new Uint8Array(await other.saved(1).arrayBuffer())).toEqual(bytes[1]);

      const [one, two, three] = kept;
      if (!one || !two || !three) throw new Error('There are three blocks.');
      const changed = (at: number) => new Blob([bytes[1]?.map((byte, i) => (i === at ? byte ^ 1 : byte)) ?? '']);
      const unreadable = new Blob([one]);
      vi.spyOn(unreadable, 'arrayBuffer').mockRejectedValue(new DOMException('It was deleted.', 'NotReadableError'));
      const damaged: readonly [(Blob | null)[], number[]][] = [
        [[one, null, three], [1]],
        [[one, changed(17), three], [1]],
        [[one, changed(48_003), three], [1]],
        [[one, changed(52_003), three], [1]],
        [[one, two.slice(0, two.size - 4), three], [1]],
        [[one, new Blob(), three], [1]],
        [
          [two, one, three],
          [0, 1],
        ],
        [[unreadable, two, three], [0]],
      ];
      for (const [codes, made] of damaged) {
        const mended = await hold(codes);
        expect(mended.made).toEqual(made);
        expect(await mended.search(asked, 10, atOnce)).toEqual(truth);
      }

      // Whole, and of what these rows were before.
      const before = filesOf(clusters(rows, dimensions, { classes: 50, seed: 9 }), dimensions, 1000);
      const stale = await hold([], before);
      const mended = await hold(before.map((_, block) => (block === 2 ? three : stale.saved(block))));
      expect(mended.made).toEqual([0, 1]);
      expect(await mended.search(asked, 10, atOnce)).toEqual(truth);
    },
  );

  it('refuses rows that are no unit vectors, other numbers of rows than announced, and more than a memory holds', async () => {
    const matrix = clusters(20, 16);
    const blocks = filesOf(matrix, 16, 20);
    const hold = (stored: { rows?: number; dimensions?: number; blocks?: Blob[] }) =>
      holdCodes(simd, { rows: 20, dimensions: 16, blocks, ...stored });
    await expect(hold({ rows: 21 })).rejects.toMatchObject({ code: 'bad-argument' });
    await expect(hold({ dimensions: 15 })).rejects.toMatchObject({ code: 'bad-argument' });
    await expect(hold({ blocks: [new Blob([matrix.map((value) => 2 * value)])] })).rejects.toMatchObject({
      code: 'bad-argument',
    });
    expect(() => simd.room(2 ** 23, 512)).toThrow(/more than the memory of a search holds/);
  });

  it('says so where the stored vectors cannot be read any more, and stops when it is told to', async () => {
    const matrix = clusters(20, 16);
    let gone = false;
    class File extends Blob {
      override slice(): Blob {
        const part = new Blob();
        vi.spyOn(part, 'arrayBuffer').mockRejectedValue(new DOMException('It was deleted.', 'NotReadableError'));
        return gone ? part : this;
      }
    }
    const gallery = await holdCodes(simd, { rows: 20, dimensions: 16, blocks: [new File([matrix])] });
    await gallery.search(matrix.subarray(0, 16), 5, atOnce);
    const stopped = { ...atOnce, signal: AbortSignal.abort(new Error('Stopped.')) };
    await expect(gallery.search(matrix.subarray(0, 16), 5, stopped)).rejects.toThrow('Stopped.');
    gone = true;
    await expect(gallery.search(matrix.subarray(0, 16), 5, atOnce)).rejects.toMatchObject({ code: 'dataset-unusable' });
  });
});
