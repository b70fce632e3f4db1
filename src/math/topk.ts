import { AppError } from '../errors.ts';
import { similarityBlocks } from './similarity.ts';
import { countRows } from './vectors.ts';

/** Rankings of m queries, best first, row-major [m, k]. */
export interface Rankings {
  /** Gallery rows; −1 where the gallery is shorter than k. */
  readonly rows: Int32Array<ArrayBuffer>;
  /** Cosines; −Infinity where the gallery is shorter than k. */
  readonly similarities: Float32Array<ArrayBuffer>;
  readonly k: number;
}

/**
 * Room for the rankings of `queries` queries. Throws AppError 'bad-argument' unless k is a positive integer.
 */
export function emptyRankings(queries: number, k: number): Rankings {
  if (!Number.isInteger(k) || k < 1) {
    throw new AppError('bad-argument', `The number of neighbours must be a whole number above 0, not ${k}.`);
  }
  return {
    rows: new Int32Array(queries * k).fill(-1),
    similarities: new Float32Array(queries * k).fill(Number.NEGATIVE_INFINITY),
    k,
  };
}

/** Rankings of the same k, those of one part of the queries after the other's. */
export function joinRankings(parts: readonly Rankings[], k: number): Rankings {
  const length = parts.reduce((sum, { rows }) => sum + rows.length, 0);
  const joined = { rows: new Int32Array(length), similarities: new Float32Array(length), k };
  let at = 0;
  for (const { rows, similarities } of parts) {
    joined.rows.set(rows, at);
    joined.similarities.set(similarities, at);
    at += rows.length;
  }
  return joined;
}

/**
 * The k most similar rows of `gallery` [n, dimensions] for each of `queries` [m, dimensions], both of unit rows, best
 * first, ties by gallery order. Yields the number of queries done after each block; returns buffers that the caller
 * owns. Throws AppError 'bad-argument' on shapes that do not fit.
 */
export function* exactTopK(
  gallery: Float32Array,
  queries: Float32Array,
  dimensions: number,
  k: number,
): Generator<number, Rankings> {
  const n = countRows(gallery, dimensions);
  const rankings = emptyRankings(countRows(queries, dimensions), k);
  for (const { from, to, similarities } of similarityBlocks(gallery, queries, dimensions)) {
    for (let query = from; query < to; query++) {
      const row = (query - from) * n;
      selectTop(
        similarities.subarray(row, row + n),
        rankings.rows.subarray(query * k, (query + 1) * k),
        rankings.similarities.subarray(query * k, (query + 1) * k),
      );
    }
    yield to;
  }
  return rankings;
}

/**
 * Writes the best of `similarities` [n] into `rows` and `best` (both [k]), best first, ties by lower index. Returns
 * how many were written, min(k, n); the rest of both is left as it was. `similarities` must be free of NaN.
 */
export function selectTop<Values extends Float32Array | Float64Array>(
  similarities: Values,
  rows: Int32Array,
  best: Values,
): number {
  const size = Math.min(rows.length, similarities.length);
  if (size === 0) return 0;
  for (let i = 0; i < size; i++) {
    rows[i] = i;
    best[i] = similarities[i] as number;
  }
  // A heap with the worst at its root, in place in the output.
  for (let i = (size >> 1) - 1; i >= 0; i--) sink(rows, best, i, size, i, best[i] as number);
  let worst = best[0] as number;
  for (let i = size; i < similarities.length; i++) {
    const similarity = similarities[i] as number;
    // Strictly better only: of equals, the one seen first has the lower index and stays.
    if (similarity > worst) {
      sink(rows, best, 0, size, i, similarity);
      worst = best[0] as number;
    }
  }
  // Heapsort: the worst of those left goes to the end.
  for (let end = size - 1; end > 0; end--) {
    const row = rows[end] as number;
    const similarity = best[end] as number;
    rows[end] = rows[0] as number;
    best[end] = best[0] as number;
    sink(rows, best, 0, end, row, similarity);
  }
  return size;
}

/** Places (row, similarity) into the heap's hole at `hole`, moving worse children up. */
function sink(
  rows: Int32Array,
  best: Float32Array | Float64Array,
  hole: number,
  size: number,
  row: number,
  similarity: number,
): void {
  let at = hole;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= size) break;
    if (child + 1 < size && isWorse(rows, best, child + 1, rows[child] as number, best[child] as number)) child++;
    if (!isWorse(rows, best, child, row, similarity)) break;
    rows[at] = rows[child] as number;
    best[at] = best[child] as number;
    at = child;
  }
  rows[at] = row;
  best[at] = similarity;
}

function isWorse(
  rows: Int32Array,
  best: Float32Array | Float64Array,
  at: number,
  row: number,
  similarity: number,
): boolean {
  const other = best[at] as number;
  return other < similarity || (other === similarity && (rows[at] as number) > row);
}
