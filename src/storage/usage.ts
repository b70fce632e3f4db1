import { AppError } from '../errors.ts';
import type { Database } from './database.ts';
import { storesOfDataset } from './datasets.ts';
import { datasetItems, featuresItems, type StoredItem } from './items.ts';
import type { Connection, StoreName } from './schema.ts';
import { settingsOfAll } from './settings.ts';

/** What lies in IndexedDB, as a user would name it. */
export type StoredPart = 'datasets' | 'features' | 'thumbnails' | 'queries';

export interface PartUsage {
  /** Size of the content alone: what the browser adds for its own use is unknown. */
  readonly bytes: number;
  readonly entries: number;
  /** What can be deleted by itself; empty where the part goes as a whole. */
  readonly items: readonly (StoredItem & { readonly name?: string })[];
}

/** Embeddings are made of features, and go with them; they are counted with their data set. */
const storesOf: Readonly<Record<StoredPart, readonly StoreName[]>> = {
  datasets: ['datasets', ...storesOfDataset],
  features: ['features', 'imported', 'embeddings', 'embeddingRows', 'indexes', 'codes'],
  thumbnails: ['thumbnails'],
  queries: ['queries'],
};

/** Rows that are looked at to estimate the size of all. */
const sample = 64;

/** Features and queries are counted; the rest is estimated from a sample. */
export async function estimateUsage(database: Database): Promise<Record<StoredPart, PartUsage>> {
  const [datasets, features] = [await datasetItems(database), await featuresItems(database)];
  return database.read(async (connection) => {
    const queries = await connection.getAll('queries');
    return {
      datasets: { bytes: bytesOf(datasets), entries: datasets.length, items: datasets },
      features: {
        bytes: bytesOf(features),
        entries: features.reduce((sum, { entries }) => sum + entries, 0),
        items: features,
      },
      thumbnails: await thumbnailsUsage(connection),
      queries: { bytes: queries.reduce((sum, { blob }) => sum + blob.size, 0), entries: queries.length, items: [] },
    };
  });
}

const bytesOf = (items: readonly StoredItem[]): number => items.reduce((sum, { bytes }) => sum + bytes, 0);

async function thumbnailsUsage(connection: Connection): Promise<PartUsage> {
  const entries = await connection.count('thumbnails');
  const rows = await connection.getAll('thumbnails', null, sample);
  const bytes = rows.reduce((sum, row) => sum + row.bytes.byteLength, 0);
  return { bytes: rows.length === 0 ? 0 : Math.round((bytes / rows.length) * entries), entries, items: [] };
}

export function deletePart(database: Database, part: StoredPart): Promise<void> {
  const stores = storesOf[part];
  return database.write([...stores, 'settings'], async (transaction) => {
    await Promise.all(stores.map((store) => transaction.objectStore(store).clear()));
    if (part !== 'datasets') return;
    await Promise.all(settingsOfAll().map((keys) => transaction.objectStore('settings').delete(keys)));
  });
}

/** What the browser says about the whole origin (weights included); nulls where it does not say. */
export async function originUsage(): Promise<{
  usedBytes: number | null;
  quotaBytes: number | null;
  persisted: boolean | null;
}> {
  // Browsers hide it on pages that are not served securely.
  const storage: StorageManager | undefined = navigator.storage;
  if (!storage) return { usedBytes: null, quotaBytes: null, persisted: null };
  const { usage, quota } = await storage.estimate();
  return { usedBytes: usage ?? null, quotaBytes: quota ?? null, persisted: await storage.persisted() };
}

/** Asks the browser not to clear this origin's data by itself; whether it agreed. */
export async function requestPersistence(): Promise<boolean> {
  const storage: StorageManager | undefined = navigator.storage;
  if (!storage) throw new AppError('storage-refused', 'This browser offers no lasting storage to this page.');
  return storage.persist();
}

/**
 * Empties what this origin keeps apart from the database: weights in the private file system, caches, and what pages
 * write down for themselves. Nothing may be open in any of it.
 */
export async function clearOrigin(): Promise<void> {
  localStorage.clear();
  sessionStorage.clear();
  // With its cache gone, a service worker would be one that keeps nothing: the next visit installs it again.
  if ('serviceWorker' in navigator) {
    for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
  }
  // Missing on pages that are not served securely.
  if ('caches' in globalThis) for (const name of await caches.keys()) await caches.delete(name);
  const storage: StorageManager | undefined = navigator.storage;
  // Refused in some private windows: then there is nothing in it.
  const root = await storage?.getDirectory().catch(() => null);
  if (!root) return;
  const names: string[] = [];
  for await (const name of root.keys()) names.push(name);
  for (const name of names) await root.removeEntry(name, { recursive: true });
}
