import type { Database } from './database.ts';
import type { EmbeddingsKey } from './embeddings.ts';

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
