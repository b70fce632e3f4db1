import type { CachedWeights } from '../types.ts';
import type { Database } from './database.ts';

/** Remembers a set of weights that was cached once: its features can be used even after the cache was emptied. */
export function rememberWeights(database: Database, weights: CachedWeights): Promise<void> {
  return database.write(['weights'], async (transaction) => {
    await transaction.objectStore('weights').put(weights);
  });
}

export function rememberedWeights(database: Database): Promise<CachedWeights[]> {
  return database.read((connection) => connection.getAll('weights'));
}
