import { expect, test, vi } from 'vitest';
import { aborted } from '../../../src/errors.ts';
import { seededRandom } from '../../../src/math/random.ts';
import type { SimilaritySource } from '../../../src/math/similarity.ts';
import { exactTopK, type Rankings } from '../../../src/math/topk.ts';
import { normaliseRows } from '../../../src/math/vectors.ts';
import type { Comparison, QueryTeam } from '../../../src/search/held-gallery.ts';
import { similarityBlocks } from '../../../src/search/simd/exact.ts';
import { type SimdGallery, simdGallery } from '../../../src/search/simd/gallery.ts';
import { comparedByGuest, comparedByHolder } from '../../../src/search/simd/passing.ts';
import { finish } from '../math/finish.ts';
import { freshInstance } from './simd.ts';

// Other programs may have the processor.
vi.setConfig({ testTimeout: 60_000 });

interface Shape {
  readonly rows: number;
  readonly dimensions: number;
  readonly queries: number;
  readonly k: number;
  readonly tile: number;
}

/** Tiles that fill the gallery and ones that do not, one tile, dimensions that are filled up, k above a tile's and the gallery's rows. */
const SHAPES: readonly Shape[] = [
  { rows: 1, dimensions: 5, queries: 3, k: 2, tile: 1 },
  { rows: 120, dimensions: 16, queries: 140, k: 10, tile: 40 },
  { rows: 1031, dimensions: 33, queries: 301, k: 25, tile: 300 },
  { rows: 257, dimensions: 512, queries: 67, k: 70, tile: 60 },
  { rows: 90, dimensions: 7, queries: 5, k: 95, tile: 1000 },
];

/** Unit rows, every third the same as one before it. */
function unitRows(rows: number, dimensions: number, seed: number): Float32Array<ArrayBuffer> {
  const random = seededRandom(seed);
  const matrix = normaliseRows(Float32Array.from({ length: rows * dimensions }, random.gaussian), dimensions);
  for (let row = 3; row < rows; row += 3) {
    const from = Math.floor(row / 2) * dimensions;
    matrix.copyWithin(row * dimensions, from, from + dimensions);
  }
  return matrix;
}

function held({ rows, dimensions }: Shape, matrix: Float32Array): SimdGallery {
  const gallery = simdGallery(freshInstance(), rows, dimensions);
  gallery.write(matrix, 0);
  return gallery;
}

/** All blocks one after another. */
function allOf({ queries, rows, blocks }: SimilaritySource): Buffer {
  const all = new Float32Array(queries * rows);
  let done = 0;
  for (const { from, to, similarities } of blocks()) {
    expect(from).toBe(done);
    done = to;
    all.set(similarities.subarray(0, (to - from) * rows), from * rows);
  }
  expect(done).toBe(queries);
  return Buffer.from(all.buffer);
}

/**
 * Two workers, one after the other: what the first lets pass is kept for the second. Each tile is overwritten once it has passed, as the
 * next one does.
 */
function twoWorkers({ queries }: Shape): { readonly holder: QueryTeam; readonly guest: QueryTeam; left(): number } {
  const passed: Float32Array[] = [];
  return {
    holder: { workers: 2, queries, pass: (tile) => void passed.push(tile().slice()) },
    guest: {
      workers: 2,
      queries,
      pass(tile) {
        const next = passed.shift();
        if (!next) throw new Error('The workers do not let the gallery pass equally often.');
        tile().set(next);
      },
    },
    left: () => passed.length,
  };
}

test.each(SHAPES)('two workers compare $queries queries with $rows × $dimensions as one does, bit for bit', (shape) => {
  const { rows, dimensions, queries, k, tile } = shape;
  const matrix = unitRows(rows, dimensions, 1);
  const asked = unitRows(queries, dimensions, 2);
  const half = Math.round(queries / 2) * dimensions;
  const parts = [asked.subarray(0, half), asked.subarray(half)] as const;
  const gallery = held(shape, matrix);
  const team = twoWorkers(shape);
  const comparisons = [
    [comparedByHolder(gallery, team.holder, freshInstance, tile * dimensions), parts[0]],
    [comparedByGuest({ rows, dimensions }, team.guest, freshInstance, tile * dimensions), parts[1]],
  ] as const;
  for (const [comparison, part] of comparisons) {
    const { result, reports } = finish(comparison.rank(part, k));
    expect(result).toEqual(finish(exactTopK(matrix, part, dimensions, k)).result);
    expect(reports.at(-1)).toBe(part.length / dimensions);
  }
  expect(team.left()).toBe(0);
  for (const [comparison, part] of comparisons) {
    const alone: SimilaritySource = {
      queries: part.length / dimensions,
      rows,
      blocks: () => similarityBlocks(gallery, part),
    };
    expect(allOf(comparison.similarities(part)).equals(allOf(alone))).toBe(true);
  }
  expect(team.left()).toBe(0);
});

/** A holder whose team ends when the gallery has passed for some time. */
function leftAt(pass: number, shape: Shape, matrix: Float32Array): Comparison {
  let passes = 0;
  const team: QueryTeam = {
    workers: 2,
    queries: shape.queries,
    pass() {
      if (passes++ >= pass) throw aborted();
    },
  };
  return comparedByHolder(held(shape, matrix), team, freshInstance, shape.tile * shape.dimensions);
}

test.each([0, 1, 4])('a holder that is left alone in pass %i answers all the same', (pass) => {
  const shape: Shape = { rows: 700, dimensions: 24, queries: 600, k: 12, tile: 250 };
  const matrix = unitRows(shape.rows, 24, 1);
  const part = unitRows(300, 24, 2);
  const truth: Rankings = finish(exactTopK(matrix, part, 24, 12)).result;
  expect(finish(leftAt(pass, shape, matrix).rank(part, 12)).result).toEqual(truth);
  const alone = { queries: 300, rows: 700, blocks: () => similarityBlocks(held(shape, matrix), part) };
  expect(allOf(leftAt(pass, shape, matrix).similarities(part)).equals(allOf(alone))).toBe(true);
});

test('what is thrown into a comparison ends it, in every worker of the team', () => {
  const shape: Shape = { rows: 700, dimensions: 24, queries: 600, k: 12, tile: 250 };
  const matrix = unitRows(700, 24, 1);
  const ranking = leftAt(Number.POSITIVE_INFINITY, shape, matrix).rank(unitRows(300, 24, 2), 12);
  ranking.next();
  expect(() => ranking.throw(aborted())).toThrow(expect.objectContaining({ code: 'aborted' }));
});

test('a guest whose team ends throws', () => {
  const ended: QueryTeam = {
    workers: 2,
    queries: 200,
    pass() {
      throw aborted();
    },
  };
  const guest = comparedByGuest({ rows: 50, dimensions: 8 }, ended, freshInstance);
  expect(() => finish(guest.rank(unitRows(100, 8, 2), 3))).toThrow(expect.objectContaining({ code: 'aborted' }));
  expect(() => allOf(guest.similarities(unitRows(100, 8, 2)))).toThrow(expect.objectContaining({ code: 'aborted' }));
});
