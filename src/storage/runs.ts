import { type GenericSchema, type InferOutput, safeParse } from 'valibot';
import type { QueryNeighbours, QueryOutcomes, ScoredSplit } from '../types.ts';
import { under } from './batches.ts';
import type { Database } from './database.ts';
import type { JudgedRun } from './schema.ts';

const SPLITS = ['test', 'validation'] as const;

/**
 * Writes the run and what it was averaged from together: a table never shows figures that cannot be looked into. Without
 * room for it, it waits for it in memory.
 */
export async function putRun(
  database: Database,
  datasetId: string,
  runId: string,
  run: unknown,
  judged: Readonly<Record<ScoredSplit, JudgedRun | null>>,
): Promise<void> {
  const bytes = SPLITS.reduce((sum, split) => sum + (judged[split]?.neighbours.rows.byteLength ?? 0) * 2, 0);
  const name = writeName(datasetId, runId);
  const stored = await database.unstored.store({ name, bytes }, () =>
    database.write(['runs', 'outcomes', 'neighbours'], async (transaction) => {
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
    }),
  );
  if (!stored) database.unstored.runs.set(name, { datasetId, runId, run, judged });
}

function partOf<Part extends 'outcomes' | 'neighbours'>(
  judged: JudgedRun | null,
  subject: string,
  part: Part,
): JudgedRun[Part] | null {
  return judged?.subject === subject ? judged[part] : null;
}

const writeName = (datasetId: string, runId: string): string => `run ${datasetId} ${runId}`;

/** Null where nothing was stored, or what was stored is of other images or labels. */
export async function getOutcomes(
  database: Database,
  datasetId: string,
  runId: string,
  split: ScoredSplit,
  subject: string,
): Promise<QueryOutcomes | null> {
  const unstored = database.unstored.runs.get(writeName(datasetId, runId));
  if (unstored) return partOf(unstored.judged[split], subject, 'outcomes');
  return database.read(async (connection) => {
    const stored = await connection.get('outcomes', [datasetId, runId, split]);
    return stored?.subject === subject ? stored : null;
  });
}

/** Null likewise. */
export async function getNeighbours(
  database: Database,
  datasetId: string,
  runId: string,
  split: ScoredSplit,
  subject: string,
): Promise<QueryNeighbours | null> {
  const unstored = database.unstored.runs.get(writeName(datasetId, runId));
  if (unstored) return partOf(unstored.judged[split], subject, 'neighbours');
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
  const add = (runId: string, value: unknown) => {
    const parsed = safeParse(schema, value);
    if (parsed.success) runs.set(runId, parsed.output);
  };
  keys.forEach(([, runId], i) => {
    add(runId, values[i]);
  });
  for (const waiting of database.unstored.runs.values()) {
    if (waiting.datasetId === datasetId) add(waiting.runId, waiting.run);
  }
  return runs;
}

/** What the user calls a run, and what it is for; empty for neither. A run that is not stored any more stays away. */
export async function describeRun(
  database: Database,
  datasetId: string,
  runId: string,
  words: { readonly name: string; readonly note: string },
): Promise<void> {
  await changeRun(database, datasetId, runId, (run) => {
    const { name: _, note: __, ...rest } = { name: '', note: '', ...run };
    return { ...rest, ...(words.name && { name: words.name }), ...(words.note && { note: words.note }) };
  });
}

/** How the run was chosen as the best, once for each k; a run that is not stored any more stays away. */
export function noteChosen<Chosen extends { readonly k: number }>(
  database: Database,
  datasetId: string,
  runId: string,
  chosen: Chosen,
): Promise<void> {
  return changeRun(database, datasetId, runId, (run) => {
    const before = 'chosen' in run && Array.isArray(run.chosen) ? run.chosen : [];
    return { ...run, chosen: [...before.filter(({ k }) => k !== chosen.k), chosen] };
  });
}

async function changeRun(
  database: Database,
  datasetId: string,
  runId: string,
  change: (run: object) => object,
): Promise<void> {
  const changed = (run: unknown) => (typeof run === 'object' && run !== null ? change(run) : run);
  const unstored = database.unstored.runs.get(writeName(datasetId, runId));
  if (unstored) {
    database.unstored.runs.set(writeName(datasetId, runId), { ...unstored, run: changed(unstored.run) });
    return;
  }
  await database.write(['runs'], async (transaction) => {
    const store = transaction.objectStore('runs');
    const run = await store.get([datasetId, runId]);
    if (run !== undefined) await store.put(changed(run), [datasetId, runId]);
  });
}

export function deleteRun(database: Database, datasetId: string, runId: string): Promise<void> {
  database.unstored.drop(writeName(datasetId, runId));
  return database.write(['runs', 'outcomes', 'neighbours'], async (transaction) => {
    await transaction.objectStore('runs').delete([datasetId, runId]);
    await transaction.objectStore('outcomes').delete(under(datasetId, runId));
    await transaction.objectStore('neighbours').delete(under(datasetId, runId));
  });
}
