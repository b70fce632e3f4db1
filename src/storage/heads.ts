import type { TrainingResult } from '../heads/training.ts';
import type { Database } from './database.ts';

/** A finished training, under the name of its heads (what they were trained from). */
export function putHeads(database: Database, datasetId: string, key: string, result: TrainingResult): Promise<void> {
  return database.write(['heads'], async (transaction) => {
    await transaction.objectStore('heads').put(result, [datasetId, key]);
  });
}

export function getHeads(database: Database, datasetId: string, key: string): Promise<TrainingResult | null> {
  return database.read(async (connection) => (await connection.get('heads', [datasetId, key])) ?? null);
}
