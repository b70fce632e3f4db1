import { type GenericSchema, type InferOutput, safeParse } from 'valibot';
import { under } from './batches.ts';
import type { Database } from './database.ts';

export function putRun(database: Database, datasetId: string, runId: string, run: unknown): Promise<void> {
  return database.write(['runs'], async (transaction) => {
    await transaction.objectStore('runs').put(run, [datasetId, runId]);
  });
}

/** The runs on a data set, by id; those that do not fit `schema` (an older version of the app wrote them) are left out. */
export async function getRuns<S extends GenericSchema>(
  database: Database,
  datasetId: string,
  schema: S,
): Promise<Map<string, InferOutput<S>>> {
  const [keys, values] = await database.read(async (connection) => {
    const { store } = connection.transaction('runs');
    return Promise.all([store.getAllKeys(under(datasetId)), store.getAll(under(datasetId))]);
  });
  const runs = new Map<string, InferOutput<S>>();
  keys.forEach(([, runId], i) => {
    const parsed = safeParse(schema, values[i]);
    if (parsed.success) runs.set(runId, parsed.output);
  });
  return runs;
}

export function deleteRun(database: Database, datasetId: string, runId: string): Promise<void> {
  return database.write(['runs'], (transaction) => transaction.objectStore('runs').delete([datasetId, runId]));
}
