import { eachInBatches } from './batches.ts';
import type { Database } from './database.ts';
import type { StoredQuery } from './schema.ts';

export interface Thumbnail {
  readonly blob: Blob;
  readonly width: number;
  readonly height: number;
}

/** Without room for them, they wait for it in memory. */
export async function putThumbnails(
  database: Database,
  thumbnails: readonly (Thumbnail & { readonly hash: string })[],
): Promise<void> {
  // Read before the transaction: it would end while waiting for anything but its own requests.
  const rows = await Promise.all(
    thumbnails.map(async ({ hash, blob, width, height }) => ({
      hash,
      value: { bytes: await blob.arrayBuffer(), type: blob.type, width, height },
    })),
  );
  const bytes = rows.reduce((sum, { value }) => sum + value.bytes.byteLength, 0);
  await database.unstored.store({ name: `thumbnails ${rows[0]?.hash}`, bytes }, () =>
    database.write(['thumbnails'], (transaction) => {
      const store = transaction.objectStore('thumbnails');
      return eachInBatches(rows, ({ hash, value }) => store.put(value, hash));
    }),
  );
}

export async function getThumbnail(database: Database, hash: string): Promise<Thumbnail | null> {
  const stored = await database.read((connection) => connection.get('thumbnails', hash));
  if (!stored) return null;
  const { bytes, type, width, height } = stored;
  return { blob: new Blob([bytes], { type }), width, height };
}

/** The hashes of all stored thumbnails. */
export async function thumbnailHashes(database: Database): Promise<Set<string>> {
  return new Set(await database.read((connection) => connection.getAllKeys('thumbnails')));
}

/** Query images that are kept with their original bytes; the oldest goes first. */
const queriesKept = 20;

/** Without room for it, it waits for it in memory. */
export async function putQuery(database: Database, query: StoredQuery): Promise<void> {
  await database.unstored.store({ name: `query ${query.hash}`, bytes: query.blob.size }, () =>
    database.write(['queries'], async (transaction) => {
      const store = transaction.objectStore('queries');
      await store.put(query);
      const oldestFirst = await store.index('addedAt').getAllKeys();
      for (const hash of oldestFirst.slice(0, -queriesKept)) await store.delete(hash);
    }),
  );
}

export function getQuery(database: Database, hash: string): Promise<StoredQuery | null> {
  return database.read(async (connection) => (await connection.get('queries', hash)) ?? null);
}

/** Newest first. */
export async function listQueries(database: Database): Promise<StoredQuery[]> {
  const oldestFirst = await database.read((connection) => connection.getAllFromIndex('queries', 'addedAt'));
  return oldestFirst.reverse();
}
