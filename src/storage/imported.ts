import { allInBatches, eachInBatches, under } from './batches.ts';
import type { Database } from './database.ts';
import { storedHashes } from './features.ts';

/** Features that came in a data set's file, and were neither computed here nor compared with any that were. */
export interface Imported {
  readonly hash: string;
  /** The data set whose file they came in. */
  readonly datasetId: string;
}

/** Those of one features key. */
export function importedFeatures(database: Database, featuresKey: string): Promise<Imported[]> {
  return database.read(async (connection) => {
    const range = under(featuresKey);
    if ((await connection.count('imported', range)) === 0) return [];
    const size = 8192;
    const keys = await allInBatches(
      range,
      size,
      (rest, count) => connection.getAllKeys('imported', rest, count),
      (key) => key,
    );
    const found: Imported[] = [];
    const { store } = connection.transaction('imported');
    await eachInBatches(keys, async (key) => {
      const datasetId = await store.get(key);
      if (datasetId !== undefined) found.push({ hash: key[1], datasetId });
    });
    return found;
  });
}

/** Images whose features may be used for a data set: computed here, checked, or from that very data set's file. */
export async function usableHashes(database: Database, featuresKey: string, datasetId: string): Promise<Set<string>> {
  const hashes = await storedHashes(database, featuresKey);
  for (const { hash, datasetId: from } of await importedFeatures(database, featuresKey)) {
    if (from !== datasetId) hashes.delete(hash);
  }
  return hashes;
}

/** Whether one image's features came in another data set's file, and were not checked. */
export async function isImported(
  database: Database,
  featuresKey: string,
  hash: string,
  datasetId: string,
): Promise<boolean> {
  const from = await database.read((connection) => connection.get('imported', [featuresKey, hash]));
  return from !== undefined && from !== datasetId;
}

/** A sample was computed again and is equal: from now on they count as computed here. */
export async function acceptImported(database: Database, featuresKey: string, datasetId: string): Promise<void> {
  const accepted = (await importedFeatures(database, featuresKey)).filter((one) => one.datasetId === datasetId);
  await database.write(['imported'], (transaction) =>
    eachInBatches(accepted, ({ hash }) => transaction.objectStore('imported').delete([featuresKey, hash])),
  );
}

/** A sample was computed again and is another: none of them is kept. */
export async function dropImported(database: Database, featuresKey: string, datasetId: string): Promise<void> {
  const dropped = (await importedFeatures(database, featuresKey)).filter((one) => one.datasetId === datasetId);
  await database.write(['features', 'imported'], (transaction) =>
    eachInBatches(dropped, async ({ hash }) => {
      await transaction.objectStore('features').delete([featuresKey, hash]);
      await transaction.objectStore('imported').delete([featuresKey, hash]);
    }),
  );
}
