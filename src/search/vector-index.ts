import type { Hit } from '../types.ts';

/** What is searched: the rows of `embeddings` [rows, dimensions], each a unit vector or zero. */
export interface Gallery {
  readonly embeddings: Float32Array;
  readonly dimensions: number;
  readonly rows: number;
}

/** A kernel's index over one gallery. What is not built yet does not exist: see held-gallery.ts. */
export interface VectorIndex {
  /**
   * The min(k, rows) gallery rows that are most similar to `query` [dimensions], best first, ties by gallery order.
   * Similarities are exact cosines, bit-identical for every index; only which rows are found differs.
   */
  search(query: Float32Array, k: number): Hit[];
  /** Frees what the index holds besides the gallery. Nothing may be asked of it afterwards. */
  dispose(): void;
}
