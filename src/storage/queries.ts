import type { Database } from './database.ts';
import type { StoredQuery } from './schema.ts';

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
