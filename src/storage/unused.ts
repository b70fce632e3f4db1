import { eachInBatches } from './batches.ts';
import type { Database } from './database.ts';
import { listDatasets } from './datasets.ts';
import { listFeaturesKeys, storedHashes } from './features.ts';
import { getFiles } from './files.ts';
import { thumbnailHashes } from './thumbnails.ts';

/** Deletes features and thumbnails of files that no data set and no kept query has; how many of each. */
export async function deleteUnused(database: Database): Promise<{ features: number; thumbnails: number }> {
  const used = await usedHashes(database);
  const thumbnails = [...(await thumbnailHashes(database))].filter((hash) => !used.has(hash));
  const features: [string, string][] = [];
  for (const featuresKey of await listFeaturesKeys(database)) {
    for (const hash of await storedHashes(database, featuresKey)) {
      if (!used.has(hash)) features.push([featuresKey, hash]);
    }
  }
  await database.write(['features', 'imported', 'thumbnails'], async (transaction) => {
    await eachInBatches(features, (key) => transaction.objectStore('features').delete(key));
    await eachInBatches(features, (key) => transaction.objectStore('imported').delete(key));
    await eachInBatches(thumbnails, (hash) => transaction.objectStore('thumbnails').delete(hash));
  });
  return { features: features.length, thumbnails: thumbnails.length };
}

async function usedHashes(database: Database): Promise<Set<string>> {
  const used = new Set(await database.read((connection) => connection.getAllKeys('queries')));
  for (const hash of database.unstored.hashes) used.add(hash);
  for (const { id } of await listDatasets(database)) {
    for (const { outcome } of await getFiles(database, id)) {
      if (outcome?.ok) used.add(outcome.hash);
    }
  }
  return used;
}
