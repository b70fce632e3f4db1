import * as v from 'valibot';
import { getSetting, putSetting } from '../../storage/settings.ts';
import { deleteUnused } from '../../storage/usage.ts';
import { context, database } from '../context.ts';
import { IMPORT_LOCK, jobs } from '../jobs/jobs.ts';
import { loadModels } from '../models/rows.ts';
import { saveFile } from '../save-file.ts';
import type { Workspace } from '../workspace.ts';
import { switchDataset } from './datasets.ts';

/** Saves the open data set as one file, which another browser can import: all but the photos. */
export async function exportDataset(workspace: Workspace): Promise<void> {
  const session = workspace.session;
  if (!session) return;
  const { id, name } = session.stored;
  await jobs.run({ screen: 'data', stage: 'Writing the data set', unit: 'files' }, async ({ signal, report }) => {
    // Loaded when it is needed: the first screen needs none of it.
    const { writeDatasetFile } = await import('../../core/dataset-file/write.ts');
    // What waits for room in memory belongs to it.
    await database.unstored.retry().catch(() => {});
    saveFile(await writeDatasetFile(database, id, { signal, onProgress: report }), `${name}.likeness.zip`);
  });
}

/** True while an import is under way, also where its tab ended without a word. */
const UNDERWAY = 'import-underway';

/** Stores the data set of a file that exportDataset saved, and opens it. */
export async function importDataset(file: File): Promise<void> {
  await jobs.exclusively([IMPORT_LOCK], () => importHeld(file));
}

/** Whatever an import stored whose tab was closed, or crashed, in its middle: no data set has it. */
export async function clearHalfImport(): Promise<void> {
  if (!(await getSetting(database, UNDERWAY, v.literal(true)))) return;
  const release = await jobs.hold(IMPORT_LOCK);
  if (!release) return;
  try {
    await deleteUnused(database);
    context.changes.tell({ kind: 'room' });
    await putSetting(database, UNDERWAY, false);
  } finally {
    release();
  }
}

async function importHeld(file: File): Promise<void> {
  let id: string | null = null;
  await jobs.run({ screen: 'data', stage: 'Importing the data set', unit: 'files' }, async ({ signal, report }) => {
    await putSetting(database, UNDERWAY, true);
    const { readDatasetFile } = await import('../../core/dataset-file/read.ts');
    try {
      id = await readDatasetFile(database, file, { signal, onProgress: report });
    } finally {
      await putSetting(database, UNDERWAY, false);
    }
  });
  if (id === null) return;
  try {
    // Its models may be known from the file alone.
    await loadModels();
    await switchDataset(id);
  } catch (error) {
    jobs.fail('data', error);
  }
}
