import type { SimilaritySource } from '../math/similarity.ts';
import type { Rankings } from '../math/topk.ts';
import type { SearchKernelKind } from '../types.ts';
import type { HnswIndex, HnswSettings } from './hnsw.ts';
import type { VectorIndex } from './vector-index.ts';

/** A gallery where it is searched, and what may be asked of it. Similarities are bit-identical in all ways. */
export interface HeldGallery {
  readonly form: 'vectors';
  readonly dimensions: number;
  readonly rows: number;
  /** Compares with every row; there from the start. */
  readonly exact: VectorIndex;
  /**
   * Exact rankings of `queries` [m, dimensions], ties by gallery order. Yields the number of queries done after each
   * block. Throws AppError 'bad-argument' on shapes that do not fit.
   */
  rank(queries: Float32Array, k: number): Generator<number, Rankings>;
  /** The similarities of `queries` [m, dimensions] with every row. */
  similarities(queries: Float32Array): SimilaritySource;
  /**
   * Builds HNSW. Yields the number of rows added after each chunk; ended early (`return()`), it frees everything.
   * Throws AppError 'engine-unavailable' where it cannot be started, 'bad-argument' where the memory does not suffice.
   */
  buildHnsw(settings: HnswSettings): Promise<Generator<number, HnswIndex>>;
  /** The index that `HnswIndex.save` wrote; null unless it is of these very rows and settings, and undamaged. */
  loadHnsw(saved: Uint8Array, settings: HnswSettings): HnswIndex | null;
  dispose(): void;
}

/** Where a gallery is searched, before all of it is there. */
export interface GalleryRoom {
  /** Copies `block` [m, dimensions], unit rows or zero, to row `at` and the following. They must fit. */
  write(block: Float32Array, at: number): void;
  /** The gallery, once every row has been written. The room is not written to any more then. */
  held(): HeldGallery;
}

/** What searches: WASM with SIMD, or for browsers without it plain JavaScript and the published hnswlib-wasm. */
export interface SearchKernel {
  readonly kind: SearchKernelKind;
  /** Room for that many rows. Throws AppError 'bad-argument' where they are too many. */
  room(rows: number, dimensions: number): GalleryRoom;
}
