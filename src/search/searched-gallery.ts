import { AppError, aborted } from '../errors.ts';
import { assertUnitRows, countRows } from '../math/vectors.ts';
import { exactIndex } from './exact.ts';
import { buildHnsw, DEFAULT_HNSW, type HnswIndex, type HnswSettings, loadHnswlib } from './hnsw.ts';
import type { Gallery, VectorIndex } from './vector-index.ts';

/** A gallery and its indexes: exact from the start, HNSW once it is built. */
export class SearchedGallery {
  readonly gallery: Gallery;
  readonly exact: VectorIndex;
  #hnsw: HnswIndex | null = null;
  #efSearch = DEFAULT_HNSW.efSearch;
  #build = new AbortController();
  readonly #gone = new AbortController();

  /** Takes `embeddings` [n, dimensions] over. Throws AppError 'bad-argument' unless its rows are unit vectors or zero. */
  constructor(embeddings: Float32Array, dimensions: number) {
    assertUnitRows(embeddings, dimensions);
    this.gallery = { embeddings, dimensions, rows: countRows(embeddings, dimensions) };
    this.exact = exactIndex(this.gallery);
  }

  /** Null until one is built. */
  get hnsw(): HnswIndex | null {
    return this.#hnsw;
  }

  /** Aborted by dispose(): whatever runs over the gallery should end then. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /**
   * Builds HNSW; an earlier one answers until then, a build that runs already is cancelled. `run` drives the building
   * and ends it when one of the signals says so.
   */
  async build(
    settings: Partial<HnswSettings>,
    run: (steps: Generator<number, HnswIndex>, ...signals: AbortSignal[]) => Promise<HnswIndex>,
  ): Promise<void> {
    this.#build.abort(aborted());
    this.#build = new AbortController();
    const { signal } = this.#build;
    const complete = { ...DEFAULT_HNSW, ...settings };
    this.#efSearch = complete.efSearch;
    const steps = buildHnsw(await loadHnswlib(), this.gallery, complete);
    const hnsw = await run(steps, signal, this.gone);
    // Asked for while the building went on.
    hnsw.setEfSearch(this.#efSearch);
    this.#hnsw?.dispose();
    this.#hnsw = hnsw;
  }

  setEfSearch(efSearch: number): void {
    this.#efSearch = efSearch;
    this.#hnsw?.setEfSearch(efSearch);
  }

  /**
   * Number of rows of `queries` [m, dimensions]. Throws AppError 'bad-argument' unless they are unit vectors, or zero,
   * of the gallery's dimensions.
   */
  checkQueries(queries: Float32Array): number {
    assertUnitRows(queries, this.gallery.dimensions);
    return countRows(queries, this.gallery.dimensions);
  }

  /** Throws AppError 'bad-argument' while there is none. */
  needHnsw(): HnswIndex {
    if (!this.#hnsw) throw new AppError('bad-argument', 'The HNSW index of this gallery has not been built yet.');
    return this.#hnsw;
  }

  dispose(): void {
    this.#gone.abort(aborted());
    this.#hnsw?.dispose();
    this.#hnsw = null;
  }
}
