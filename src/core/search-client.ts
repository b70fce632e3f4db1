import type { Remote } from 'comlink';
import type { GalleryForm } from '../search/backend.ts';
import type { RowBlocks } from '../storage/embeddings.ts';
import type { SearchKernelKind } from '../types.ts';
import { type Connection, connect } from '../workers/connect.ts';
import type { PosteriorSettings, SearchWorker } from '../workers/protocol.ts';
import { createSearchTeam, type SearchTeam } from './search-team.ts';

/** What a gallery's images say of the classes, for rankings that use them. */
export interface GalleryClasses {
  /** Names their contents and the settings: equal names, equal posteriors. */
  readonly name: string;
  readonly settings: PosteriorSettings;
  /** Cosines to each class, a row an image. */
  readonly rows: RowBlocks;
}

/** Where a gallery's rows are read from, and read again. */
export interface GallerySource {
  readonly key: string;
  /** In which form it is held. */
  readonly form: GalleryForm;
  readonly rows: RowBlocks;
  readonly classes: GalleryClasses | null;
}

/** A gallery that the worker holds. */
interface Held {
  /** In its embeddings. */
  readonly numbers: number;
  /** Names the class cosines that it was handed with; null of none. */
  readonly classes: string | null;
}

/**
 * Rows above which a gallery is held as codes of 8 bits unless another way to search it is chosen: its vectors at 512 dimensions are 400 MB
 * and more, and an HNSW index over them is built for minutes.
 */
const CODED_ABOVE = 200_000;

/** The search worker, with what is known of the galleries that it holds, under names that tell their form. */
export interface SearchClient {
  readonly codedAbove: number;
  /** Made at its first use and made again (without galleries) after it died. */
  worker(): Remote<SearchWorker>;
  /** That worker and others, for many queries at once. */
  readonly team: SearchTeam;
  /** With `classes` where they are named. */
  holds(key: string, classes?: string | null): boolean;
  markHeld(key: string, numbers: number): void;
  /** `classes` names what the held gallery now has; null while others are on their way. */
  markClasses(key: string, classes: string | null): void;
  /** How many numbers the embeddings of a held gallery are; 0 of any other. */
  numbers(key: string): number;
  /** Keeps this gallery from being freed until the returned function is called. */
  use(key: string): () => void;
  /** Frees all galleries but those of `keep` and those in use: one of 10,000 × 2,048 and its index take 200 MB. */
  dropGalleriesBut(...keep: string[]): Promise<void>;
  /** Frees one, if it is held and not in use. */
  drop(key: string): Promise<void>;
  /** The gallery that a user searches, and the one opened last: they are read again where the worker has them no more. */
  readonly sources: { searched: GallerySource | null; openedLast: GallerySource | null };
  /** Galleries are handed over one after the other: two that came at once would mix their rows. */
  inTurn<R>(work: () => Promise<R>): Promise<R>;
}

export function createSearchClient(codedAbove = CODED_ABOVE): SearchClient {
  let connection: Connection<SearchWorker> | null = null;
  /** Galleries that the living worker holds. */
  const held = new Map<string, Held>();
  /** How many are at work on a gallery. */
  const users = new Map<string, number>();
  let handing: Promise<unknown> = Promise.resolve();

  function worker(): Remote<SearchWorker> {
    if (!connection) {
      const made = connect<SearchWorker>(searchKernel() === 'simd' ? startSimd() : startPlain());
      made.failed.catch(() => {
        if (connection !== made) return;
        connection = null;
        held.clear();
      });
      connection = made;
    }
    return connection.api;
  }

  const numbers = (key: string): number => held.get(key)?.numbers ?? 0;

  async function drop(key: string): Promise<void> {
    if (!users.has(key) && held.delete(key)) await worker().drop(key);
  }

  function use(key: string): () => void {
    const count = (by: number) => {
      const now = (users.get(key) ?? 0) + by;
      if (now > 0) users.set(key, now);
      else users.delete(key);
    };
    count(1);
    let over = false;
    return () => {
      if (!over) count(-1);
      over = true;
    };
  }

  return {
    codedAbove,
    worker,
    team: createSearchTeam(searchKernel() === 'simd' ? startSimd : null),
    holds(key, classes = null) {
      const gallery = held.get(key);
      return gallery !== undefined && (classes === null || gallery.classes === classes);
    },
    markHeld(key, count) {
      held.set(key, { numbers: count, classes: null });
    },
    markClasses(key, classes) {
      held.set(key, { numbers: numbers(key), classes });
    },
    numbers,
    use,
    async dropGalleriesBut(...keep) {
      for (const key of [...held.keys()]) {
        if (!keep.includes(key)) await drop(key);
      }
    },
    drop,
    sources: { searched: null, openedLast: null },
    inTurn(work) {
      const turn = handing.then(work, work);
      handing = turn.catch(() => {});
      return turn;
    },
  };
}

const startSimd = () =>
  new Worker(new URL('../workers/search.worker.ts', import.meta.url), { type: 'module', name: 'search' });

/** For browsers without WASM SIMD; a script of its own, since its library alone needs `unsafe-eval`. */
const startPlain = () =>
  new Worker(new URL('../workers/plain-search.worker.ts', import.meta.url), { type: 'module', name: 'search' });

/** What searches in this browser. */
export const searchKernel = (): SearchKernelKind => (hasSimd() ? 'simd' : 'plain');

/** A module of one function, () → v128: `i32.const 0; i8x16.splat`, by the numbers of the WebAssembly specification. */
const SMALLEST = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  // One type, of no parameters and one result.
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b],
  // One function of that type.
  ...[0x03, 0x02, 0x01, 0x00],
  // Its body, without locals.
  ...[0x0a, 0x08, 0x01, 0x06, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x0b],
);

/** Whether this browser's WebAssembly has SIMD (Chrome 91, Firefox 89, Safari 16.4). */
export function hasSimd(): boolean {
  return WebAssembly.validate(SMALLEST);
}
