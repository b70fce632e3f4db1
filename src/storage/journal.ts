import { under } from './batches.ts';
import type { Database } from './database.ts';
import type { StoredEntry } from './schema.ts';

/** Names an entry: what belongs to no data set has an empty `datasetId`. A job started again replaces its older entry. */
export interface EntryKey {
  readonly datasetId: string;
  readonly task: string;
}

/** Without room for it, it waits for it in memory: no work stops for its journal. */
export async function putEntry(database: Database, { datasetId, task }: EntryKey, entry: StoredEntry): Promise<void> {
  await database.unstored.store({ name: `journal ${datasetId} ${task}`, bytes: 0 }, () =>
    database.write(['journal'], async (transaction) => {
      await transaction.objectStore('journal').put(entry, [datasetId, task]);
    }),
  );
}

/** What was started for a data set and has neither ended nor been cancelled, the oldest first. */
export async function startedEntries(
  database: Database,
  datasetId: string,
): Promise<(StoredEntry & { readonly key: EntryKey })[]> {
  const [keys, entries] = await database.read(async (connection) => {
    const { store } = connection.transaction('journal');
    return Promise.all([store.getAllKeys(under(datasetId)), store.getAll(under(datasetId))]);
  });
  return entries
    .flatMap((entry, i) => {
      const task = keys[i]?.[1];
      return task !== undefined && entry.state === 'begun' ? [{ ...entry, key: { datasetId, task } }] : [];
    })
    .sort((a, b) => a.begunAt - b.begunAt);
}
