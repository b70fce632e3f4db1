import { allInBatches, eachInBatches, under } from './batches.ts';
import type { Database } from './database.ts';
import type { StoredFile } from './schema.ts';

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
