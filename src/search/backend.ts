import type { Rankings } from '../math/topk.ts';
import type { EngineClient } from './backends/engine-client.ts';
import type { HeldCodes } from './codes/held-codes.ts';
import type { HeldGallery } from './held-gallery.ts';
import type { HnswSettings } from './hnsw.ts';
import type { Work } from './work.ts';

/** What a backend can do: screens, defaults and the command line follow from it. */
export interface Capabilities {
  /** Misses some of the nearest: its recall is measured, and metrics come from exact search. */
  readonly approximate: boolean;
  /** Takes time to be made and is worth keeping. Exact search answers until it is there. */
  readonly buildable: boolean;
  /** How many candidates it looks at (efSearch) can be changed while it answers. */
  readonly adjustable: boolean;
}

/** A gallery that a backend searches. */
export interface OpenIndex {
  /**
   * The min(k, rows) most similar rows for each of `queries` [m, dimensions], unit rows or zero: best first, ties by
   * gallery order, with their exact cosines. The rankings are the caller's.
   */
  search(queries: Float32Array, k: number, work: Work): Promise<Rankings>;
  /** Adjustable backends alone have it. */
  setEfSearch?(efSearch: number): void;
  /** Buildable backends alone: what `load` takes; null where it cannot tell. */
  save?(): Uint8Array<ArrayBuffer> | null;
  /** Frees what it holds besides the gallery. Nothing may be asked of it afterwards. */
  close(): Promise<void>;
}

/** What is known of every way to search. A new one is a file that exports one of the two below, and its line in backends.ts. */
export interface BackendFacts<Name extends string = string> {
  readonly name: Name;
  /** Its name in a sentence. */
  readonly label: string;
  readonly capabilities: Capabilities;
}

/** What the search worker holds of a gallery: its vectors, or codes of them while the vectors stay in the browser's storage. */
export interface HeldForms {
  readonly vectors: HeldGallery;
  readonly codes: HeldCodes;
}
export type GalleryForm = keyof HeldForms;
export type Held = HeldForms[GalleryForm];

/** A way to search the gallery of this tab, in the search worker. */
export interface SearchBackend<Name extends string = string, Form extends GalleryForm = 'vectors'>
  extends BackendFacts<Name> {
  /** The form of a gallery that it searches. */
  readonly form: Form;
  /** One sentence for the user, beside where it is chosen. */
  readonly explanation: string;
  /**
   * Makes a gallery searchable. What `settings` leaves out is DEFAULT_HNSW's, where the backend knows it at all. Throws
   * AppError 'engine-unavailable' where it cannot be started, 'bad-argument' where the gallery is too large for it.
   */
  open(gallery: HeldForms[Form], settings: Partial<HnswSettings>, work: Work): Promise<OpenIndex>;
  /** Buildable backends alone: reads what `save` wrote; null unless it is of this gallery and these settings, and undamaged. */
  load?(gallery: HeldForms[Form], saved: Uint8Array, settings: Partial<HnswSettings>): OpenIndex | null;
}
export type AnyBackend<Name extends string = string> = {
  [Form in GalleryForm]: SearchBackend<Name, Form>;
}[GalleryForm];

/** A way to search galleries that the app's own server has: vectors are sent there, and what comes back are its images. */
export interface ServerBackend<Name extends string = string> extends BackendFacts<Name> {
  /** @param base address of the app, with a slash at its end */
  connect(base: string): Promise<EngineClient>;
}
