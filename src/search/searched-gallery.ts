import { AppError, aborted } from '../errors.ts';
import { assertUnitRows } from '../math/vectors.ts';
import type { AnyBackend, Held, OpenIndex } from './backend.ts';
import { BACKENDS, backendNamed, type IndexKind } from './backends.ts';
import type { HeldClasses } from './held-classes.ts';
import type { HeldGallery } from './held-gallery.ts';
import { DEFAULT_HNSW, type HnswSettings } from './hnsw.ts';
import type { Work } from './work.ts';

/** What answers a search. */
export interface Answering {
  readonly kind: IndexKind;
  readonly index: OpenIndex;
}

/** A gallery and what searches it: backends that need no building at once, the others when they are built. */
export class SearchedGallery {
  readonly held: Held;
  /** Class posteriors of its images, for rankings that use them; null until they are set. */
  classes: HeldClasses | null = null;
  readonly #open = new Map<IndexKind, Promise<OpenIndex>>();
  #efSearch = DEFAULT_HNSW.efSearch;
  #build = new AbortController();
  readonly #gone = new AbortController();

  constructor(held: Held) {
    this.held = held;
  }

  /** Its vectors. Throws AppError 'bad-argument' where only codes of them are held. */
  get vectors(): HeldGallery {
    if (this.held.form === 'vectors') return this.held;
    throw new AppError('bad-argument', 'Only codes of 8 bits are held of this gallery, and not its embeddings.');
  }

  /** Aborted by dispose(): whatever runs over the gallery should end then. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /**
   * Builds a backend's index; an earlier one answers until then, a build that runs already is cancelled. `workUnder`
   * makes the build's work, which these signals end too.
   */
  async build(
    kind: IndexKind,
    settings: Partial<HnswSettings>,
    workUnder: (...signals: AbortSignal[]) => Work,
  ): Promise<void> {
    this.#build.abort(aborted());
    this.#build = new AbortController();
    const { signal } = this.#build;
    this.#efSearch = settings.efSearch ?? DEFAULT_HNSW.efSearch;
    const index = await opened(backendNamed(kind), this.held, settings, workUnder(signal, this.gone));
    // Asked for while the building went on.
    index.setEfSearch?.(this.#efSearch);
    await this.#take(kind, index);
  }

  /** Takes a saved index in place of building one; false, and all stays as it was, where it is not this gallery's. */
  async load(kind: IndexKind, saved: Uint8Array, settings: Partial<HnswSettings>): Promise<boolean> {
    const backend = backendNamed(kind);
    const index = backend.form === 'vectors' ? backend.load?.(this.vectors, saved, settings) : null;
    if (!index) return false;
    this.#build.abort(aborted());
    this.#efSearch = settings.efSearch ?? DEFAULT_HNSW.efSearch;
    await this.#take(kind, index);
    return true;
  }

  async #take(kind: IndexKind, index: OpenIndex): Promise<void> {
    const before = this.#open.get(kind);
    this.#open.set(kind, Promise.resolve(index));
    await (await before)?.close();
  }

  async setEfSearch(efSearch: number): Promise<void> {
    this.#efSearch = efSearch;
    for (const index of this.#open.values()) (await index).setEfSearch?.(efSearch);
  }

  /**
   * Number of rows of `queries` [m, dimensions]. Throws AppError 'bad-argument' unless they are unit vectors, or zero,
   * of the gallery's dimensions.
   */
  checkQueries(queries: Float32Array): number {
    return assertUnitRows(queries, this.held.dimensions);
  }

  /** The backend's index; null while it has yet to be built. */
  async find(kind: IndexKind, work: Work): Promise<OpenIndex | null> {
    const known = this.#open.get(kind);
    if (known) return known;
    const backend = backendNamed(kind);
    if (backend.capabilities.buildable) return null;
    const opening = opened(backend, this.held, { efSearch: this.#efSearch }, work);
    this.#open.set(kind, opening);
    opening.catch(() => this.#open.delete(kind));
    return opening;
  }

  /** As find. Throws AppError 'bad-argument' where there is none. */
  async need(kind: IndexKind, work: Work): Promise<OpenIndex> {
    const index = await this.find(kind, work);
    if (index) return index;
    const { label } = backendNamed(kind);
    throw new AppError('bad-argument', `The ${label} index of this gallery has not been built yet.`);
  }

  /** The backend's index, else exact search while it has yet to be built. */
  async answering(kind: IndexKind, work: Work): Promise<Answering> {
    const index = await this.find(kind, work);
    if (index) return { kind, index };
    const [{ name }] = BACKENDS;
    return { kind: name, index: await this.need(name, work) };
  }

  dispose(): void {
    this.#gone.abort(aborted());
    // One that could not be opened has nothing to close.
    for (const index of this.#open.values()) index.then((opened) => opened.close()).catch(() => {});
    this.#open.clear();
    this.held.dispose();
  }
}

/** Throws AppError 'bad-argument' for a backend that searches another form. */
async function opened(
  backend: AnyBackend,
  held: Held,
  settings: Partial<HnswSettings>,
  work: Work,
): Promise<OpenIndex> {
  if (backend.form === 'vectors' && held.form === 'vectors') return backend.open(held, settings, work);
  if (backend.form === 'codes' && held.form === 'codes') return backend.open(held, settings, work);
  throw new AppError('bad-argument', `This gallery is not held as what ${backend.label} compares.`);
}
