import { AppError } from '../errors.ts';
import { under } from './batches.ts';
import type { Database } from './database.ts';
import { storesOfDataset } from './datasets.ts';
import { listFeaturesKeys } from './features.ts';
import type { Connection, StoreName } from './schema.ts';

/** What lies in IndexedDB, as a person would name it. `features` includes the embeddings and indexes made from them. */
export type StoredPart = 'features' | 'thumbnails' | 'datasets' | 'queries';

export interface PartUsage {
  /** Of the content alone: what the browser adds for its own use is not known. */
  readonly bytes: number;
  readonly entries: number;
}

const storesOf: Readonly<Record<StoredPart, readonly StoreName[]>> = {
  features: ['features', 'embeddings', 'embeddingRows', 'indexes'],
  thumbnails: ['thumbnails'],
  datasets: ['datasets', ...storesOfDataset],
  queries: ['queries'],
};

/** Rows that are looked at to estimate the size of all. */
const sample = 64;

/** Features, embeddings and queries are counted; thumbnails and records of files are estimated from a sample. */
export async function estimateUsage(database: Database): Promise<Record<StoredPart, PartUsage>> {
  const featuresKeys = await listFeaturesKeys(database);
  return database.read(async (connection) => {
    const [features, embeddings] = [await featuresUsage(connection, featuresKeys), await embeddingsBytes(connection)];
    const queries = await connection.getAll('queries');
    return {
      features: { bytes: features.bytes + embeddings, entries: features.entries },
      thumbnails: await sampled(connection, 'thumbnails', ({ bytes }) => bytes.byteLength),
      datasets: await sampled(connection, 'files', (file) => JSON.stringify(file).length),
      queries: { bytes: queries.reduce((sum, { blob }) => sum + blob.size, 0), entries: queries.length },
    };
  });
}

async function featuresUsage(connection: Connection, featuresKeys: readonly string[]): Promise<PartUsage> {
  let bytes = 0;
  let entries = 0;
  for (const featuresKey of featuresKeys) {
    const rows = await connection.count('features', under(featuresKey));
    const first = await connection.get('features', under(featuresKey));
    bytes += rows * (first?.byteLength ?? 0);
    entries += rows;
  }
  return { bytes, entries };
}

async function embeddingsBytes(connection: Connection): Promise<number> {
  const headers = await connection.getAll('embeddings');
  return headers.reduce((sum, { rows, dimensions }) => sum + rows * dimensions * Float32Array.BYTES_PER_ELEMENT, 0);
}

async function sampled<Name extends 'thumbnails' | 'files'>(
  connection: Connection,
  store: Name,
  bytesOf: (row: Awaited<ReturnType<typeof connection.getAll<Name>>>[number]) => number,
): Promise<PartUsage> {
  const entries = await connection.count(store);
  const rows = await connection.getAll(store, null, sample);
  const bytes = rows.reduce((sum, row) => sum + bytesOf(row), 0);
  return { bytes: rows.length === 0 ? 0 : Math.round((bytes / rows.length) * entries), entries };
}

export function deletePart(database: Database, part: StoredPart): Promise<void> {
  return clear(database, storesOf[part]);
}

/** All that lies in IndexedDB, settings included. */
export async function deleteEverything(database: Database): Promise<void> {
  const stores = await database.read(async (connection) => [...connection.objectStoreNames]);
  await clear(database, stores);
}

function clear(database: Database, stores: readonly StoreName[]): Promise<void> {
  return database.write(stores, async (transaction) => {
    await Promise.all(stores.map((store) => transaction.objectStore(store).clear()));
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
