import { AppError } from '../errors.ts';
import { eachInBatches, under } from './batches.ts';
import type { Database } from './database.ts';
import { getFiles, listDatasets, storesOfDataset } from './datasets.ts';
import { listFeaturesKeys, storedHashes } from './features.ts';
import { thumbnailHashes } from './pictures.ts';
import type { Connection, StoreName } from './schema.ts';
import { settingsOfAll } from './settings.ts';

/** One thing that can be deleted by itself. */
interface StoredItem {
  /** A data set's id, or a features key. */
  readonly id: string;
  readonly bytes: number;
  readonly entries: number;
}

/** Rows of unlike sizes that are looked at for the size of all: enough to tell megabytes from kilobytes. */
const SAMPLE = 8;

/** Each data set with all that goes with it; the features of its images are not among it. Entries are images. */
async function datasetItems(database: Database): Promise<(StoredItem & { readonly name: string })[]> {
  const datasets = await listDatasets(database);
  return database.read(async (connection) => {
    const items: (StoredItem & { name: string })[] = [];
    for (const { id, name, images } of datasets) {
      let bytes = 0;
      for (const store of storesOfDataset) {
        bytes +=
          store === 'embeddingRows' ? await rowBytes(connection, id) : await sizeOf(connection, store, under(id));
      }
      items.push({ id, name, bytes: Math.round(bytes), entries: images });
    }
    return items;
  });
}

/** The features of each backbone, by their key. */
async function featuresItems(database: Database): Promise<StoredItem[]> {
  const keys = await listFeaturesKeys(database);
  return database.read(async (connection) => {
    const items: StoredItem[] = [];
    for (const id of keys) {
      const entries = await connection.count('features', under(id));
      const first = await connection.get('features', under(id));
      items.push({ id, bytes: entries * (first?.byteLength ?? 0), entries });
    }
    return items;
  });
}

/** By what their headers say: eight blocks of a large gallery are more than a hundred megabytes to read. */
async function rowBytes(connection: Connection, datasetId: string): Promise<number> {
  const headers = await connection.getAll('embeddings', under(datasetId));
  return headers.reduce((sum, { rows, dimensions }) => sum + 4 * rows * dimensions, 0);
}

async function sizeOf(connection: Connection, store: StoreName, range: IDBKeyRange): Promise<number> {
  const entries = await connection.count(store, range);
  if (entries === 0) return 0;
  const rows: unknown[] = await connection.getAll(store, range, SAMPLE);
  return (rows.reduce<number>((sum, row) => sum + sizeOfValue(row), 0) / rows.length) * entries;
}

/** Bytes of a stored value, about. */
export function sizeOfValue(value: unknown): number {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
  if (value instanceof Blob) return value.size;
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  const parts = value instanceof Map ? [...value].flat() : Array.isArray(value) ? value : Object.entries(value).flat();
  return parts.reduce<number>((sum, part) => sum + sizeOfValue(part), 0);
}

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

/** Deletes features and thumbnails of files that no data set and no kept query has; how many of each. */
export async function deleteUnused(database: Database): Promise<{ features: number; thumbnails: number }> {
  const used = await usedHashes(database);
  const thumbnails = [...(await thumbnailHashes(database))].filter((hash) => !used.has(hash));
  const features: [string, string][] = [];
  for (const featuresKey of await listFeaturesKeys(database)) {
    for (const hash of await storedHashes(database, featuresKey)) {
      if (!used.has(hash)) features.push([featuresKey, hash]);
    }
  }
  await database.write(['features', 'imported', 'thumbnails'], async (transaction) => {
    await eachInBatches(features, (key) => transaction.objectStore('features').delete(key));
    await eachInBatches(features, (key) => transaction.objectStore('imported').delete(key));
    await eachInBatches(thumbnails, (hash) => transaction.objectStore('thumbnails').delete(hash));
  });
  return { features: features.length, thumbnails: thumbnails.length };
}

async function usedHashes(database: Database): Promise<Set<string>> {
  const used = new Set(await database.read((connection) => connection.getAllKeys('queries')));
  for (const hash of database.unstored.hashes) used.add(hash);
  for (const { id } of await listDatasets(database)) {
    for (const { outcome } of await getFiles(database, id)) {
      if (outcome?.ok) used.add(outcome.hash);
    }
  }
  return used;
}
