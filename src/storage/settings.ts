import { type GenericSchema, type InferOutput, safeParse } from 'valibot';
import type { Database } from './database.ts';

/** Null where nothing is stored, or what is stored does not fit `schema` (an older version of the app wrote it). */
export async function getSetting<S extends GenericSchema>(
  database: Database,
  key: string,
  schema: S,
): Promise<InferOutput<S> | null> {
  const parsed = safeParse(schema, await database.read((connection) => connection.get('settings', key)));
  return parsed.success ? parsed.output : null;
}

/** What is kept of each data set by itself, and deleted with it. */
const OF_A_DATASET = ['plan', 'search', 'dashboard'] as const;

/** The plan of a data set's comparison. */
export const planKey = (datasetId: string): string => `plan ${datasetId}`;

/** How a data set is searched. */
export const searchKey = (datasetId: string): string => `search ${datasetId}`;

/** Which runs of a data set are looked at. */
export const dashboardKey = (datasetId: string): string => `dashboard ${datasetId}`;

/** The keys of all settings of a data set. */
export const settingsOf = (datasetId: string): string[] => OF_A_DATASET.map((kind) => `${kind} ${datasetId}`);

/** The settings of all data sets. */
export const settingsOfAll = (): IDBKeyRange[] =>
  // The character after the space.
  OF_A_DATASET.map((kind) => IDBKeyRange.bound(`${kind} `, `${kind}!`, false, true));

/** Without room for it, it waits for it in memory. */
export async function putSetting(database: Database, key: string, value: unknown): Promise<void> {
  await database.unstored.store({ name: `setting ${key}`, bytes: 0 }, () =>
    database.write(['settings'], async (transaction) => {
      await transaction.objectStore('settings').put(value, key);
    }),
  );
}

export async function deleteSetting(database: Database, key: string): Promise<void> {
  database.unstored.drop(`setting ${key}`);
  await database.write(['settings'], async (transaction) => {
    await transaction.objectStore('settings').delete(key);
  });
}
