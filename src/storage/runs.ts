import { type GenericSchema, type InferOutput, safeParse } from 'valibot';
import type { QueryNeighbours, QueryOutcomes, ScoredSplit } from '../types.ts';
import { under } from './batches.ts';
import type { Database } from './database.ts';

/** A run's queries one by one on one split, and the images and labels that the positions count. */
export interface JudgedRun {
  readonly subject: string;
  readonly outcomes: QueryOutcomes;
  readonly neighbours: QueryNeighbours;
}

const SPLITS = ['test', 'validation'] as const;

/** Writes the run and what it was averaged from together: a table never shows figures that cannot be looked into. */
export function putRun(
  database: Database,
  datasetId: string,
  runId: string,
  run: unknown,
  judged: Readonly<Record<ScoredSplit, JudgedRun | null>>,
): Promise<void> {
  return database.write(['runs', 'outcomes', 'neighbours'], async (transaction) => {
    await transaction.objectStore('runs').put(run, [datasetId, runId]);
    for (const split of SPLITS) {
      const of = judged[split];
      const key: [string, string, ScoredSplit] = [datasetId, runId, split];
      if (of) {
        await transaction.objectStore('outcomes').put({ ...of.outcomes, subject: of.subject }, key);
        await transaction.objectStore('neighbours').put({ ...of.neighbours, subject: of.subject }, key);
      } else {
        await transaction.objectStore('outcomes').delete(key);
        await transaction.objectStore('neighbours').delete(key);
      }
    }
  });
}

/** Null where nothing was stored, or what was stored is of other images or labels. */
export function getOutcomes(
  database: Database,
  datasetId: string,
  runId: string,
  split: ScoredSplit,
  subject: string,
): Promise<QueryOutcomes | null> {
  return database.read(async (connection) => {
    const stored = await connection.get('outcomes', [datasetId, runId, split]);
    return stored?.subject === subject ? stored : null;
  });
}

/** Null likewise. */
export function getNeighbours(
  database: Database,
  datasetId: string,
  runId: string,
  split: ScoredSplit,
  subject: string,
): Promise<QueryNeighbours | null> {
  return database.read(async (connection) => {
    const stored = await connection.get('neighbours', [datasetId, runId, split]);
    return stored?.subject === subject ? stored : null;
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
  return database.write(['runs', 'outcomes', 'neighbours'], async (transaction) => {
    await transaction.objectStore('runs').delete([datasetId, runId]);
    await transaction.objectStore('outcomes').delete(under(datasetId, runId));
    await transaction.objectStore('neighbours').delete(under(datasetId, runId));
  });
}
