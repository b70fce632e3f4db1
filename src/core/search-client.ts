import type { Remote } from 'comlink';
import type { SearchKernelKind } from '../types.ts';
import { type Connection, connect } from '../workers/connect.ts';
import type { SearchWorker } from '../workers/protocol.ts';
import { hasSimd } from './wasm-simd.ts';

let connection: Connection<SearchWorker> | null = null;
/** A gallery that the worker holds. */
interface Held {
  /** In its embeddings. */
  readonly numbers: number;
  /** Names the class cosines that it was handed with; null of none. */
  readonly classes: string | null;
}

/** Galleries that the living worker holds. */
const held = new Map<string, Held>();

/** The search worker, made at its first use and made again (without galleries) after it died. */
export function searchWorker(): Remote<SearchWorker> {
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

const startSimd = () =>
  new Worker(new URL('../workers/search.worker.ts', import.meta.url), { type: 'module', name: 'search' });

/** For browsers without WASM SIMD; a script of its own, since its library alone needs `unsafe-eval`. */
const startPlain = () =>
  new Worker(new URL('../workers/plain-search.worker.ts', import.meta.url), { type: 'module', name: 'search' });

/** With `classes` where they are named. */
export function holdsGallery(key: string, classes: string | null = null): boolean {
  const gallery = held.get(key);
  return gallery !== undefined && (classes === null || gallery.classes === classes);
}

export function markHeld(key: string, numbers: number): void {
  held.set(key, { numbers, classes: null });
}

/** `classes` names what the held gallery now has; null while others are on their way. */
export function markClasses(key: string, classes: string | null): void {
  held.set(key, { numbers: numbersHeld(key), classes });
}

/** How many numbers the embeddings of a held gallery are; 0 of any other. */
export const numbersHeld = (key: string): number => held.get(key)?.numbers ?? 0;

/** What searches in this browser. */
export const searchKernel = (): SearchKernelKind => (hasSimd() ? 'simd' : 'plain');

/** Frees all galleries but those of `keep`: a gallery of 10,000 × 2,048 and its index take 200 MB. */
export async function dropGalleriesBut(...keep: string[]): Promise<void> {
  for (const key of [...held.keys()]) {
    if (keep.includes(key)) continue;
    held.delete(key);
    await searchWorker().drop(key);
  }
}
