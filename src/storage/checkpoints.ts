import type { Checkpoint } from '../heads/checkpoint.ts';
import type { Database } from './database.ts';

/** Where a training stands that has not finished, under the name of its heads. */
export function putCheckpoint(
  database: Database,
  datasetId: string,
  key: string,
  checkpoint: Checkpoint,
): Promise<void> {
  return database.write(['checkpoints'], async (transaction) => {
    await transaction.objectStore('checkpoints').put(checkpoint, [datasetId, key]);
  });
}

export function getCheckpoint(database: Database, datasetId: string, key: string): Promise<Checkpoint | null> {
  return database.read(async (connection) => (await connection.get('checkpoints', [datasetId, key])) ?? null);
}

export function deleteCheckpoint(database: Database, datasetId: string, key: string): Promise<void> {
  return database.write(['checkpoints'], async (transaction) => {
    await transaction.objectStore('checkpoints').delete([datasetId, key]);
  });
}
