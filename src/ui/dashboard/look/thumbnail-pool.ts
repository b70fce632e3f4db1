/**
 * Thumbnails that rows share: the same gallery image is a neighbour of many queries and of both runs. A few begin to be
 * read in each frame, so that scrolling never waits for them; rows that have flown past by then ask for none. Those that
 * no row shows any more are kept for a while, so that scrolling back finds them at once.
 */

import type { Actions } from '../../../app/actions.ts';

/** Object URLs kept without a user: a few screens full. */
const KEPT = 600;
/** Making an object URL stops the page for a moment. */
const PER_FRAME = 6;

/** Where thumbnails are read, and let go. */
type Source = Pick<Actions, 'thumbnailUrl' | 'releaseUrl'>;

interface Entry {
  readonly source: Source;
  /** `loading` until known, null where there is none. */
  url: string | 'loading' | null;
  readonly listeners: Set<() => void>;
}

/** In the order in which they were last let go. */
const entries = new Map<string, Entry>();
const waiting = new Map<string, Entry>();
const arrived = new Set<Entry>();
let scheduled = false;

/** What is known of a thumbnail now. */
export const pooledThumbnail = (hash: string): Entry['url'] => entries.get(hash)?.url ?? 'loading';

/** Uses a thumbnail until the returned function is called. */
export function holdThumbnail(source: Source, hash: string, listener: () => void): () => void {
  const entry = entries.get(hash) ?? enter(source, hash);
  entry.listeners.add(listener);
  return () => {
    entry.listeners.delete(listener);
    if (entry.listeners.size > 0 || entries.get(hash) !== entry) return;
    entries.delete(hash);
    if (waiting.delete(hash)) return;
    // Moved to the end: the last to go.
    entries.set(hash, entry);
    if (entries.size > KEPT) drop(entries.size - KEPT);
  };
}

function enter(source: Source, hash: string): Entry {
  const entry: Entry = { source, url: 'loading', listeners: new Set() };
  entries.set(hash, entry);
  waiting.set(hash, entry);
  schedule();
  return entry;
}

function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    for (const { listeners } of arrived) for (const listener of listeners) listener();
    arrived.clear();
    for (const [hash, entry] of [...waiting].slice(0, PER_FRAME)) {
      waiting.delete(hash);
      void load(hash, entry);
    }
    if (waiting.size > 0) schedule();
  });
}

async function load(hash: string, entry: Entry): Promise<void> {
  const url = await entry.source.thumbnailUrl(hash);
  entry.url = url;
  if (entries.get(hash) === entry) {
    arrived.add(entry);
    schedule();
  } else if (url !== null) entry.source.releaseUrl(url);
}

function drop(count: number): void {
  let left = count;
  for (const [hash, { source, url, listeners }] of entries) {
    if (left === 0) return;
    if (listeners.size > 0) continue;
    entries.delete(hash);
    if (url !== null && url !== 'loading') source.releaseUrl(url);
    left -= 1;
  }
}

/** Frees all that are not in use; when the list is unmounted. */
export const emptyPool = (): void => drop(Number.POSITIVE_INFINITY);
