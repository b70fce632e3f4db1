import { AppError } from '../../errors.ts';
import { countRows } from '../../math/vectors.ts';
import { type DuplicateGroups, groupDuplicates } from '../duplicates.ts';
import type { SearchInstance } from './instance.ts';

/** Multiply-adds between two chances to cancel: about 50 ms on a 2020s core. */
const PRODUCTS_PER_BLOCK = 4e8;

/** A gallery's vectors, written once into the memory of an instance, and the queries that lie behind them. */
export interface SimdGallery {
  readonly instance: SearchInstance;
  readonly rows: number;
  readonly dimensions: number;
  /** Copies `block` [m, dimensions] to row `at` and the following. */
  write(block: Float32Array, at: number): void;
  /** A view of `count` rows from `first` on, in the layout of the store: filled up with zeros to a width that goes by the dimensions alone. */
  vectors(first: number, count: number): Float32Array<ArrayBuffer>;
  duplicates(): DuplicateGroups;
  /** Writes `queries` [m, dimensions] block by block where the instance finds them: `count` of them from `from` on. */
  queryBlocks(queries: Float32Array): Generator<{ readonly from: number; readonly count: number }>;
}

/** Room for that many rows in the instance, zero until they are written. Throws AppError 'bad-argument' beyond its 4 GiB. */
export function simdGallery(instance: SearchInstance, rows: number, dimensions: number): SimdGallery {
  const vectors = instance.gallery_open(rows, dimensions);
  if (vectors === 0) {
    throw new AppError(
      'bad-argument',
      `${rows} images of ${dimensions} numbers are more than the memory of a search holds. Search a part of them.`,
    );
  }
  const stride = instance.gallery_stride();

  function write(matrix: Float32Array, first: number, count: number, at: number): void {
    if (count === 0) return;
    const room = instance.floats(vectors + 4 * at * stride, count * stride);
    // Rows that need no filling up follow one another in both.
    const together = stride === dimensions ? count : 1;
    for (let row = 0; row < count; row += together) {
      const start = (first + row) * dimensions;
      room.set(matrix.subarray(start, start + together * dimensions), row * stride);
    }
  }

  const fitting = Math.floor(PRODUCTS_PER_BLOCK / Math.max(1, rows * stride));
  // Even, since queries are worked on in pairs.
  const block = Math.max(2, Math.min(instance.query_rows(), fitting - (fitting % 2)));
  return {
    instance,
    rows,
    dimensions,
    write: (some, at) => write(some, 0, countRows(some, dimensions), at),
    vectors: (first, count) => instance.floats(vectors + 4 * first * stride, count * stride),
    // The numbers that fill a row up are zero in every row.
    duplicates: () =>
      groupDuplicates({ embeddings: instance.floats(vectors, rows * stride), dimensions: stride, rows }),
    *queryBlocks(queries) {
      const m = countRows(queries, dimensions);
      for (let from = 0; from < m; from += block) {
        const count = Math.min(block, m - from);
        write(queries, from, count, rows);
        yield { from, count };
      }
    },
  };
}
