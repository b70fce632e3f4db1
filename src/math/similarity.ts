import { countRows } from './vectors.ts';

// Every similarity in the product is one sum in float64, from the first dimension to the last, rounded to float32 once.
// All kernels below keep that order for each pair, and get their speed from working on several pairs at a time: so a
// pair's similarity is bit-identical, no matter which kernel, block or index computed it.
// Indexing stays in range by construction; `as number` tells the compiler so without a test in the inner loop.

/** Multiply-adds between two chances to cancel: about 50 ms on a 2020s core. */
const PRODUCTS_PER_BLOCK = 1e8;

/** The queries of a block are read again for every four gallery rows: these numbers (128 KiB) stay in the L2 cache. */
const QUERY_NUMBERS_PER_BLOCK = 32_768;

/** Inner product of a[aStart …] and b[bStart …] over `length` dimensions; of unit vectors, their cosine. */
export function dot(a: Float32Array, b: Float32Array, aStart = 0, bStart = 0, length = a.length): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += (a[aStart + i] as number) * (b[bStart + i] as number);
  return Math.fround(sum);
}

/** Similarities of the queries from `from` up to, not including, `to`. */
export interface SimilarityBlock {
  readonly from: number;
  readonly to: number;
  /** [to − from, gallery rows], row-major. Overwritten by the next block. */
  readonly similarities: Float32Array;
}

/** The matrix product queries [queries, dimensions] × galleryᵀ [dimensions, rows], a block of queries at a time. */
export interface SimilaritySource {
  readonly queries: number;
  readonly rows: number;
  /** Between two blocks the caller may report progress or stop. */
  blocks(): Generator<SimilarityBlock, void>;
}

/** Similarities of queries [m, dimensions] and gallery [n, dimensions]. Throws AppError 'bad-argument' on shapes that do not fit. */
export function similaritySource(gallery: Float32Array, queries: Float32Array, dimensions: number): SimilaritySource {
  return {
    queries: countRows(queries, dimensions),
    rows: countRows(gallery, dimensions),
    blocks: () => similarityBlocks(gallery, queries, dimensions),
  };
}

/**
 * The matrix product queries [m, dimensions] × galleryᵀ [dimensions, n], a block of queries at a time. Between two
 * blocks the caller may report progress or stop. Throws AppError 'bad-argument' on shapes that do not fit.
 */
export function* similarityBlocks(
  gallery: Float32Array,
  queries: Float32Array,
  dimensions: number,
): Generator<SimilarityBlock, void> {
  const n = countRows(gallery, dimensions);
  const m = countRows(queries, dimensions);
  const fitting = Math.min(PRODUCTS_PER_BLOCK / Math.max(1, gallery.length), QUERY_NUMBERS_PER_BLOCK / dimensions);
  // Even, since queries are worked on in pairs.
  const size = Math.min(m, 2 * Math.max(1, Math.floor(fitting / 2)));
  const similarities = new Float32Array(size * n);
  for (let from = 0; from < m; from += size) {
    const to = Math.min(m, from + size);
    multiply(gallery, queries, dimensions, from, to, similarities);
    yield { from, to, similarities };
  }
}

/**
 * Writes the similarities of queries[from … to) with every row of `gallery` [n, dimensions] into `out`
 * [to − from, n], row-major.
 */
export function multiply(
  gallery: Float32Array,
  queries: Float32Array,
  dimensions: number,
  from: number,
  to: number,
  out: Float32Array,
): void {
  const n = gallery.length / dimensions;
  const tiled = n - (n % 4);
  for (let row = 0; row < tiled; row += 4) {
    let query = from;
    for (; query + 2 <= to; query += 2) {
      twoByFour(gallery, row * dimensions, queries, query * dimensions, dimensions, out, (query - from) * n + row, n);
    }
    if (query < to) {
      oneByFour(gallery, row * dimensions, queries, query * dimensions, dimensions, out, (query - from) * n + row);
    }
  }
  for (let query = from; query < to; query++) {
    for (let row = tiled; row < n; row++) {
      out[(query - from) * n + row] = dot(queries, gallery, query * dimensions, row * dimensions, dimensions);
    }
  }
}

/** Eight sums fill the registers of x64 and arm64: measured 2.2 GMAC/s, against 1.1 for one pair at a time. */
function twoByFour(
  gallery: Float32Array,
  g0: number,
  queries: Float32Array,
  q0: number,
  dimensions: number,
  out: Float32Array,
  at: number,
  stride: number,
): void {
  const g1 = g0 + dimensions;
  const g2 = g1 + dimensions;
  const g3 = g2 + dimensions;
  const q1 = q0 + dimensions;
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  for (let i = 0; i < dimensions; i++) {
    const a = queries[q0 + i] as number;
    const b = queries[q1 + i] as number;
    const w = gallery[g0 + i] as number;
    const x = gallery[g1 + i] as number;
    const y = gallery[g2 + i] as number;
    const z = gallery[g3 + i] as number;
    s00 += a * w;
    s01 += a * x;
    s02 += a * y;
    s03 += a * z;
    s10 += b * w;
    s11 += b * x;
    s12 += b * y;
    s13 += b * z;
  }
  out[at] = s00;
  out[at + 1] = s01;
  out[at + 2] = s02;
  out[at + 3] = s03;
  out[at + stride] = s10;
  out[at + stride + 1] = s11;
  out[at + stride + 2] = s12;
  out[at + stride + 3] = s13;
}

function oneByFour(
  gallery: Float32Array,
  g0: number,
  queries: Float32Array,
  q0: number,
  dimensions: number,
  out: Float32Array,
  at: number,
): void {
  const g1 = g0 + dimensions;
  const g2 = g1 + dimensions;
  const g3 = g2 + dimensions;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let i = 0; i < dimensions; i++) {
    const a = queries[q0 + i] as number;
    s0 += a * (gallery[g0 + i] as number);
    s1 += a * (gallery[g1 + i] as number);
    s2 += a * (gallery[g2 + i] as number);
    s3 += a * (gallery[g3 + i] as number);
  }
  out[at] = s0;
  out[at + 1] = s1;
  out[at + 2] = s2;
  out[at + 3] = s3;
}
