import { allInBatches, eachInBatches, under } from './batches.ts';
import type { Database } from './database.ts';
import type { StoredDataset, StoredFile } from './schema.ts';
import { settingsOf } from './settings.ts';

/** Without room for it, it waits for it in memory. */
export async function putDataset(database: Database, dataset: StoredDataset): Promise<void> {
  await database.unstored.store({ name: `dataset ${dataset.id}`, bytes: 0 }, () =>
    database.write(['datasets'], async (transaction) => {
      await transaction.objectStore('datasets').put(dataset);
    }),
  );
}

export function getDataset(database: Database, id: string): Promise<StoredDataset | null> {
  return database.read(async (connection) => (await connection.get('datasets', id)) ?? null);
}

/** Oldest first. */
export async function listDatasets(database: Database): Promise<StoredDataset[]> {
  const all = await database.read((connection) => connection.getAll('datasets'));
  return all.sort((a, b) => a.createdAt - b.createdAt);
}

/** Everything whose key begins with a data set's id. */
export const storesOfDataset = [
  'files',
  'heads',
  'checkpoints',
  'embeddings',
  'embeddingRows',
  'indexes',
  'codes',
  'runs',
  'outcomes',
  'neighbours',
  'journal',
] as const;

/** With its files, embeddings and runs. Features and thumbnails belong to the files, not to the data set: see deleteUnused. */
export function deleteDataset(database: Database, id: string): Promise<void> {
  database.unstored.dropDataset(id);
  for (const key of settingsOf(id)) database.unstored.drop(`setting ${key}`);
  return database.write(['datasets', 'settings', ...storesOfDataset], async (transaction) => {
    await Promise.all([
      transaction.objectStore('datasets').delete(id),
      ...settingsOf(id).map((key) => transaction.objectStore('settings').delete(key)),
      ...storesOfDataset.map((store) => transaction.objectStore(store).delete(under(id))),
    ]);
  });
}

/** Bytes that a row takes, about: to know how much waits in memory for room. */
const ROW_BYTES = 250;

/** Without room for them, they wait for it in memory. */
export async function putFiles(database: Database, files: readonly StoredFile[]): Promise<void> {
  const [first] = files;
  if (!first) return;
  const name = `files ${first.datasetId} ${first.path} ${files.length}`;
  const stored = await database.unstored.store({ name, bytes: files.length * ROW_BYTES }, () =>
    database.write(['files'], (transaction) => {
      const store = transaction.objectStore('files');
      return eachInBatches(files, (file) => store.put(file));
    }),
  );
  if (stored) return;
  for (const { outcome } of files) if (outcome?.ok) database.unstored.hashes.add(outcome.hash);
}

/** Ordered by path, code unit by code unit. */
export function getFiles(database: Database, datasetId: string): Promise<StoredFile[]> {
  return database.read((connection) =>
    allInBatches(
      under(datasetId),
      4096,
      (range, count) => connection.getAll('files', range, count),
      (file) => [file.datasetId, file.path],
    ),
  );
}
