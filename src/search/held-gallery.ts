import { AppError } from '../errors.ts';
import type { SimilaritySource } from '../math/similarity.ts';
import type { Rankings } from '../math/topk.ts';
import { assertUnitRows } from '../math/vectors.ts';
import type { SearchKernelKind } from '../types.ts';
import type { ClassKernel } from './classes/kernel.ts';
import type { HnswIndex, HnswSettings } from './hnsw.ts';
import type { VectorIndex } from './vector-index.ts';

export interface GalleryShape {
  readonly dimensions: number;
  readonly rows: number;
}

/** How many queries are compared with a gallery. Similarities are bit-identical in all ways. */
export interface Comparison {
  /**
   * Exact rankings of `queries` [m, dimensions], ties by gallery order. Yields the number of queries done after each
   * block. Throws AppError 'bad-argument' on shapes that do not fit.
   */
  rank(queries: Float32Array, k: number): Generator<number, Rankings>;
  /** The similarities of `queries` [m, dimensions] with every row. */
  similarities(queries: Float32Array): SimilaritySource;
}

/** Workers that compare queries with one gallery at the same time. One of them holds it; to the others its rows pass by, a tile at a time. */
export interface QueryTeam {
  readonly workers: number;
  /** How many queries all workers have together, each as many as the others or one more. */
  readonly queries: number;
  /** Brings what `tile` is in the worker that holds the gallery to `tile` of all others. @throws AppError 'aborted' where one of them left. */
  pass(tile: () => Float32Array): void;
}

/** A gallery where it is searched, and what may be asked of it. */
export interface HeldGallery extends Comparison, GalleryShape {
  readonly form: 'vectors';
  /** Compares with every row; there from the start. */
  readonly exact: VectorIndex;
  /** This worker's part of a team's comparison. Where another leaves the team, this one goes on alone. Some kernels have no teams. */
  together?(team: QueryTeam): Comparison;
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
  /** What rankings by class are computed with. */
  readonly classes: ClassKernel;
  /** Room for that many rows. Throws AppError 'bad-argument' where they are too many. */
  room(rows: number, dimensions: number): GalleryRoom;
  /** A team's comparison in a worker that does not hold the gallery, of this shape. It ends as `QueryTeam.pass` does. */
  passing?(shape: GalleryShape, team: QueryTeam): Comparison;
}

/** A gallery that comes in blocks of rows, first to last, so that memory never holds all of it twice. */
export class Filling {
  readonly #room: GalleryRoom;
  readonly #rows: number;
  readonly #dimensions: number;
  #filled = 0;

  /** Throws AppError 'bad-argument' where the rows are too many for the kernel. */
  constructor(kernel: SearchKernel, rows: number, dimensions: number) {
    this.#room = kernel.room(rows, dimensions);
    this.#rows = rows;
    this.#dimensions = dimensions;
  }

  /**
   * Copies the next rows, `block` [m, dimensions]. Throws AppError 'bad-argument' unless they are unit vectors or zero, and
   * no more than were announced.
   */
  fill(block: Float32Array): void {
    const rows = assertUnitRows(block, this.#dimensions);
    if (this.#filled + rows > this.#rows) {
      throw new AppError('bad-argument', `More rows came than the ${this.#rows} that the gallery was to have.`);
    }
    this.#room.write(block, this.#filled);
    this.#filled += rows;
  }

  /** The gallery, ready to be searched; null while rows are missing. */
  whole(): HeldGallery | null {
    return this.#filled === this.#rows ? this.#room.held() : null;
  }
}
