import type { Checkpoint } from '../heads/training.ts';
import type { Database } from './database.ts';
import { sizeOfValue } from './items.ts';

/** Where a training stands that has not finished, under the name of its heads. Without room for it, it waits for it in memory. */
export async function putCheckpoint(
  database: Database,
  datasetId: string,
  key: string,
  checkpoint: Checkpoint,
): Promise<void> {
  const written = { name: nameOf(datasetId, key), bytes: sizeOfValue(checkpoint) };
  await database.unstored.store(written, () =>
    database.write(['checkpoints'], async (transaction) => {
      await transaction.objectStore('checkpoints').put(checkpoint, [datasetId, key]);
    }),
  );
}

const nameOf = (datasetId: string, key: string): string => `checkpoint ${datasetId} ${key}`;

export function getCheckpoint(database: Database, datasetId: string, key: string): Promise<Checkpoint | null> {
  return database.read(async (connection) => (await connection.get('checkpoints', [datasetId, key])) ?? null);
}

export function deleteCheckpoint(database: Database, datasetId: string, key: string): Promise<void> {
  database.unstored.drop(nameOf(datasetId, key));
  return database.write(['checkpoints'], async (transaction) => {
    await transaction.objectStore('checkpoints').delete([datasetId, key]);
  });
}
