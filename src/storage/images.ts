import type { ImageRecord } from '../types.ts';
import { allInBatches, eachInBatches, under } from './batches.ts';
import type { Database } from './database.ts';

export function putImages(database: Database, images: readonly ImageRecord[]): Promise<void> {
  return database.write(['images'], (transaction) => {
    const store = transaction.objectStore('images');
    return eachInBatches(images, (image) => store.put(image));
  });
}

/** The data set's images become these, and no others. */
export function replaceImages(database: Database, datasetId: string, images: readonly ImageRecord[]): Promise<void> {
  return database.write(['images'], async (transaction) => {
    const store = transaction.objectStore('images');
    await store.delete(under(datasetId));
    await eachInBatches(images, (image) => store.put(image));
  });
}

/** Ordered by path, code unit by code unit. */
export function getImages(database: Database, datasetId: string): Promise<ImageRecord[]> {
  return database.read((connection) =>
    allInBatches(
      under(datasetId),
      4096,
      (range, count) => connection.getAll('images', range, count),
      (image) => [image.datasetId, image.path],
    ),
  );
}

/** All images of a data set that have these bytes. */
export function getImagesByHash(database: Database, datasetId: string, hash: string): Promise<ImageRecord[]> {
  return database.read((connection) => connection.getAllFromIndex('images', 'hash', [datasetId, hash]));
}
