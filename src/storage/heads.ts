import type { TrainingResult } from '../heads/training.ts';
import type { Database } from './database.ts';
import { sizeOfValue } from './items.ts';

/** A finished training, under the name of its heads (what they were trained from). */
export async function putHeads(
  database: Database,
  datasetId: string,
  key: string,
  result: TrainingResult,
): Promise<void> {
  const name = nameOf(datasetId, key);
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
  return stored ?? database.unstored.heads.get(nameOf(datasetId, key)) ?? null;
}

const nameOf = (datasetId: string, key: string): string => `heads ${datasetId} ${key}`;
