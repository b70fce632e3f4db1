import type { Checkpoint, TrainingResult } from '../heads/training.ts';
import type { Database } from './database.ts';
import { sizeOfValue } from './usage.ts';

/** A finished training, under the name of its heads (what they were trained from). */
export async function putHeads(
  database: Database,
  datasetId: string,
  key: string,
  result: TrainingResult,
): Promise<void> {
  const name = headsName(datasetId, key);
  const stored = await database.unstored.store({ name, bytes: sizeOfValue(result) }, () =>
    database.write(['heads'], async (transaction) => {
      await transaction.objectStore('heads').put(result, [datasetId, key]);
    }),
  );
  // Without room for it, it is kept in memory, and read from there, until there is.
  if (!stored) database.unstored.heads.set(name, result);
}

export async function getHeads(database: Database, datasetId: string, key: string): Promise<TrainingResult | null> {
  const stored = await database.read((connection) => connection.get('heads', [datasetId, key]));
  return stored ?? database.unstored.heads.get(headsName(datasetId, key)) ?? null;
}

const headsName = (datasetId: string, key: string): string => `heads ${datasetId} ${key}`;

/** Where a training stands that has not finished, under the name of its heads. Without room for it, it waits for it in memory. */
export async function putCheckpoint(
  database: Database,
  datasetId: string,
  key: string,
  checkpoint: Checkpoint,
): Promise<void> {
  const written = { name: checkpointName(datasetId, key), bytes: sizeOfValue(checkpoint) };
  await database.unstored.store(written, () =>
    database.write(['checkpoints'], async (transaction) => {
      await transaction.objectStore('checkpoints').put(checkpoint, [datasetId, key]);
    }),
  );
}

const checkpointName = (datasetId: string, key: string): string => `checkpoint ${datasetId} ${key}`;

export function getCheckpoint(database: Database, datasetId: string, key: string): Promise<Checkpoint | null> {
  return database.read(async (connection) => (await connection.get('checkpoints', [datasetId, key])) ?? null);
}

export function deleteCheckpoint(database: Database, datasetId: string, key: string): Promise<void> {
  database.unstored.drop(checkpointName(datasetId, key));
  return database.write(['checkpoints'], async (transaction) => {
    await transaction.objectStore('checkpoints').delete([datasetId, key]);
  });
}
