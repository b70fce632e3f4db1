import { AppError, aborted } from '../errors.ts';
import { assertUnitRows } from '../math/vectors.ts';
import type { HeldGallery } from './held-gallery.ts';
import { DEFAULT_HNSW, type HnswIndex, type HnswSettings } from './hnsw.ts';

/** A gallery and its indexes: exact from the start, HNSW once it is built. */
export class SearchedGallery {
  readonly held: HeldGallery;
  #hnsw: HnswIndex | null = null;
  #efSearch = DEFAULT_HNSW.efSearch;
  #build = new AbortController();
  readonly #gone = new AbortController();

  constructor(held: HeldGallery) {
    this.held = held;
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
    const hnsw = await run(await this.held.buildHnsw(complete), signal, this.gone);
    // Asked for while the building went on.
    hnsw.setEfSearch(this.#efSearch);
    this.#hnsw?.dispose();
    this.#hnsw = hnsw;
  }

  /** Takes a saved index in place of building one; false, and all stays as it was, where it is not this gallery's. */
  load(saved: Uint8Array, settings: Partial<HnswSettings>): boolean {
    const complete = { ...DEFAULT_HNSW, ...settings };
    const hnsw = this.held.loadHnsw(saved, complete);
    if (!hnsw) return false;
    this.#build.abort(aborted());
    this.#efSearch = complete.efSearch;
    this.#hnsw?.dispose();
    this.#hnsw = hnsw;
    return true;
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
    return assertUnitRows(queries, this.held.dimensions);
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
    this.held.dispose();
  }
}
