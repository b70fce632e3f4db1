import { under } from './batches.ts';
import type { Database } from './database.ts';
import { listDatasets, storesOfDataset } from './datasets.ts';
import { listFeaturesKeys } from './features.ts';
import type { Connection, StoreName } from './schema.ts';

/** One thing that can be deleted by itself. */
export interface StoredItem {
  /** A data set's id, or a features key. */
  readonly id: string;
  readonly bytes: number;
  readonly entries: number;
}

/** Rows of unlike sizes that are looked at for the size of all: enough to tell megabytes from kilobytes. */
const SAMPLE = 8;

/** Each data set with all that goes with it; the features of its images are not among it. Entries are images. */
export async function datasetItems(database: Database): Promise<(StoredItem & { readonly name: string })[]> {
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
export async function featuresItems(database: Database): Promise<StoredItem[]> {
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
