import type { Database } from './database.ts';
import type { EmbeddingsKey } from './embeddings.ts';

/**
 * The kept 8-bit codes of the embeddings of that key, a file for each of `blocks`; null where there is none, or one of other images.
 */
export function getCodes(
  database: Database,
  { datasetId, modelId, split }: EmbeddingsKey,
  digest: string,
  blocks: number,
): Promise<(Blob | null)[]> {
  return database.read((connection) => {
    const store = connection.transaction('codes').objectStore('codes');
    return Promise.all(
      Array.from({ length: blocks }, async (_, block) => {
        const stored = await store.get([datasetId, modelId, split, block]);
        return stored?.digest === digest ? stored.file : null;
      }),
    );
  });
}

/**
 * Keeps the codes of one block. `digest` is the orderDigest of the images of whose embeddings they were made: where these are stored no
 * more, or others by now, nothing is kept, and it is false. Throws AppError 'storage-full', and what a browser throws that keeps no files.
 */
export function putCodes(
  database: Database,
  { datasetId, modelId, split }: EmbeddingsKey,
  digest: string,
  block: number,
  file: Blob,
): Promise<boolean> {
  return database.write(['embeddings', 'codes'], async (transaction) => {
    const header = await transaction.objectStore('embeddings').get([datasetId, modelId, split]);
    if (header?.digest !== digest) return false;
    await transaction.objectStore('codes').put({ digest, file }, [datasetId, modelId, split, block]);
    return true;
  });
}

/** The saved HNSW index over the embeddings of that key; null where there is none, or one of other images. */
export function getIndex(
  database: Database,
  { datasetId, modelId, split }: EmbeddingsKey,
  digest: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  return database.read(async (connection) => {
    const stored = await connection.get('indexes', [datasetId, modelId, split]);
    return stored?.digest === digest ? new Uint8Array(stored.bytes) : null;
  });
}

/** Replaces the index of that key. `digest` is the orderDigest of the rows' images. */
export function putIndex(
  database: Database,
  { datasetId, modelId, split }: EmbeddingsKey,
  digest: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  return database.write(['indexes'], async (transaction) => {
    await transaction.objectStore('indexes').put({ digest, bytes: bytes.slice().buffer }, [datasetId, modelId, split]);
  });
}
