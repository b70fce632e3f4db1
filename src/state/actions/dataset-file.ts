import * as v from 'valibot';
import { AppError } from '../../errors.ts';
import { getSetting, putSetting } from '../../storage/settings.ts';
import { deleteUnused } from '../../storage/unused.ts';
import { datasetSession } from '../dataset-session.ts';
import { fail, operate } from '../operations.ts';
import { storedRunSchema } from '../runs.ts';
import { saveFile } from '../save-file.ts';
import { database } from '../session.ts';
import { hold } from '../work-locks.ts';
import { switchDataset } from './datasets.ts';
import { loadModels } from './models.ts';

/** Saves the open data set as one file, which another browser can import: all but the photos. */
export async function exportDataset(): Promise<void> {
  const session = datasetSession();
  if (!session) return;
  const { id, name } = session.stored;
  await operate('data', 'Writing the data set', 'files', async ({ signal, report }) => {
    // Loaded when it is needed: the first screen needs none of it.
    const { writeDatasetFile } = await import('../../core/dataset-file/write.ts');
    // What waits for room in memory belongs to it.
    await database.unstored.retry().catch(() => {});
    saveFile(await writeDatasetFile(database, id, { signal, onProgress: report }), `${name}.likeness.zip`);
  });
}

/** True while an import is under way, also where its tab ended without a word. */
const UNDERWAY = 'import-underway';
/** One import at a time, in all tabs. */
const LOCK = 'import';

/** Stores the data set of a file that exportDataset saved, and opens it. */
export async function importDataset(file: File): Promise<void> {
  const release = await hold(LOCK);
  if (!release) {
    fail(
      'data',
      new AppError('busy-elsewhere', 'Another data set is being imported. Wait for it, then import this one.'),
    );
    return;
  }
  try {
    await importHeld(file);
  } finally {
    release();
  }
}

/** Whatever an import stored whose tab was closed, or crashed, in its middle: no data set has it. */
export async function clearHalfImport(): Promise<void> {
  if (!(await getSetting(database, UNDERWAY, v.literal(true)))) return;
  const release = await hold(LOCK);
  if (!release) return;
  try {
    await deleteUnused(database);
    await putSetting(database, UNDERWAY, false);
  } finally {
    release();
  }
}

async function importHeld(file: File): Promise<void> {
  let id: string | null = null;
  await operate('data', 'Importing the data set', 'files', async ({ signal, report }) => {
    await putSetting(database, UNDERWAY, true);
    const { readDatasetFile } = await import('../../core/dataset-file/read.ts');
    const isRun = (run: unknown) => v.is(storedRunSchema, run);
    try {
      id = await readDatasetFile(database, file, { signal, onProgress: report, isRun });
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
    fail('data', error);
  }
}
