import { deleteDB, openDB } from 'idb';
import { blockedByTab } from './refusal.ts';
import type { Connection, Migration, Schema } from './schema.ts';

export interface Opening {
  readonly name: string;
  readonly migrations: readonly Migration[];
  /** Milliseconds to wait for other tabs to let go. */
  readonly patience: number;
}

export interface Opened {
  readonly connection: Connection;
  /** There was no database of that name. */
  readonly fresh: boolean;
}

/** `lost`: the connection is closed. `deleted`: since somebody else deletes the database. */
export type ConnectionEvents = Readonly<Record<'lost' | 'deleted', () => void>>;

/** Opens the database and brings it up to date. Throws what the browser throws, and AppError 'storage-blocked'. */
export function openConnection(
  { name, migrations, patience }: Opening,
  { lost, deleted }: ConnectionEvents,
): Promise<Opened> {
  return new Promise((resolve, reject) => {
    let connection: Connection | null = null;
    let fresh = false;
    let gaveUp = false;
    openDB<Schema>(name, migrations.length, {
      upgrade(upgrading, oldVersion, _newVersion, transaction) {
        fresh = oldVersion === 0;
        for (const step of migrations.slice(oldVersion)) step(upgrading, transaction);
      },
      blocked() {
        setTimeout(() => {
          gaveUp = connection === null;
          reject(blockedByTab());
        }, patience);
      },
      // Another tab brings a newer version, or deletes everything: it must not wait for this one, whose next use says so.
      blocking(_current, wanted) {
        lost();
        connection?.close();
        if (wanted === null) deleted();
      },
      terminated: lost,
    }).then((opened) => {
      connection = opened;
      if (gaveUp) opened.close();
      else resolve({ connection: opened, fresh });
    }, reject);
  });
}

/** Deletes the database. Throws AppError 'storage-blocked' where another tab does not let go of it. */
export function deleteStored({ name, patience }: Opening): Promise<void> {
  return new Promise((resolve, reject) => {
    deleteDB(name, { blocked: () => setTimeout(() => reject(blockedByTab()), patience) }).then(resolve, reject);
  });
}

/**
 * Gives the page an IndexedDB that lasts until the tab is closed, in place of the browser's: for browsers that refuse it
 * to this page. The same code then stores and reads, and nothing else has to know.
 */
export async function installMemory(): Promise<void> {
  const memory = await import('fake-indexeddb');
  // idb tells by these classes what it has before it.
  for (const [name, value] of Object.entries(memory)) {
    if (!/^(indexedDB|IDB\w+)$/.test(name)) continue;
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}
