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

/** Without room for it, it waits for it in memory. */
export async function putSetting(database: Database, key: string, value: unknown): Promise<void> {
  await database.unstored.store({ name: `setting ${key}`, bytes: 0 }, () =>
    database.write(['settings'], async (transaction) => {
      await transaction.objectStore('settings').put(value, key);
    }),
  );
}
