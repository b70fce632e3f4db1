import { allInBatches, eachInBatches, under } from './batches.ts';
import type { Database } from './database.ts';
import type { StoredFile } from './schema.ts';

export function putFiles(database: Database, files: readonly StoredFile[]): Promise<void> {
  return database.write(['files'], (transaction) => {
    const store = transaction.objectStore('files');
    return eachInBatches(files, (file) => store.put(file));
  });
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
