import { readFiles } from '../../core/read.ts';
import { parseGroundTruth, readGroundTruth } from '../../data/find-ground-truth.ts';
import type { GroundTruth } from '../../data/ground-truth.ts';
import type { ListedFile } from '../../data/listing.ts';
import type { StoredDataset, StoredFile } from '../../storage/schema.ts';
import type { Role } from '../../types.ts';
import { changeSession, type DatasetSession, datasetSession, showOutcomes } from '../dataset-session.ts';
import { datasetStore } from '../datasets.ts';
import { jobs, type StartedJob } from '../jobs.ts';
import { saveFile } from '../save-file.ts';
import { context, database } from '../session.ts';
import { refreshScreens } from './refresh.ts';
import { rescore } from './rescore.ts';
import { closeSearch } from './search.ts';

/**
 * In the order of the screen, so that the thumbnails in view come first. A file that could not be opened may be there
 * again by now; a damaged one stays damaged.
 */
function unreadFiles(session: DatasetSession): ListedFile[] {
  const shown = datasetStore.getState().images.flatMap(({ path, hash }) => (hash === null ? [path] : []));
  const refused = [...session.files.values()].flatMap(({ path, outcome }) =>
    outcome?.ok === false && outcome.kind === 'unreadable' ? [path] : [],
  );
  return [...shown, ...refused].flatMap((path) => session.readable.get(path) ?? []);
}

/** The reading under way. */
let reading: { readonly session: DatasetSession; readonly ended: Promise<boolean> } | null = null;

/**
 * Reads what has not been read yet: hashes, sizes, thumbnails, problems. Resolves to whether it came to its end: whoever
 * asks while it goes on waits for the same end, and nobody takes the first half of a data set for all of it.
 */
export async function continueReading(): Promise<boolean> {
  for (;;) {
    const session = datasetSession();
    if (!session) return true;
    if (!reading) return begin(session);
    if (reading.session === session) return reading.ended;
    // Other roles or another data set: other files are to be read.
    jobs.cancel(({ job }) => job?.kind === 'read');
    await reading.ended;
  }
}

function begin(session: DatasetSession): Promise<boolean> {
  const ended = readUnread(session).finally(() => {
    reading = null;
  });
  reading = { session, ended };
  return ended;
}

async function readUnread(session: DatasetSession): Promise<boolean> {
  const unread = unreadFiles(session);
  if (unread.length === 0) return true;
  const finished = await jobs.start({ kind: 'read', datasetId: session.stored.id }, (started) =>
    read(session, unread, started),
  );
  await refreshScreens();
  return finished;
}

async function read(session: DatasetSession, unread: readonly ListedFile[], { run }: StartedJob): Promise<boolean> {
  const pending: StoredFile[] = [];
  let shownAt = performance.now();
  const show = () => showOutcomes(session, pending.splice(0));
  const remedy = { label: 'Go on reading', run: () => void continueReading() };
  const finished = await run({ stage: 'Reading images', unit: 'images', remedy }, ({ signal, report }) =>
    readFiles(session.stored.id, unread, database, context.workers.images, signal, (outcomes, progress) => {
      pending.push(...outcomes);
      report(progress);
      // Screens draw again at every change of the list: twice a second is enough for thousands of images.
      if (performance.now() - shownAt < 500) return;
      shownAt = performance.now();
      show();
    }),
  );
  show();
  if (datasetSession()?.stored.id === session.stored.id) {
    await changeSession({}).catch((error) => jobs.fail('data', error));
  }
  return finished;
}

export async function assignRole(folder: string, role: Role): Promise<void> {
  const session = datasetSession();
  if (!session) return;
  const roles = [...session.stored.roles.filter(([path]) => path !== folder), [folder, role] as const];
  await jobs.exclusively([session.stored.id], 'data', async () => {
    await changeSession({ stored: { ...session.stored, roles } }).catch((error) => jobs.fail('data', error));
    closeSearch();
    // Images of a folder that had no role were not read.
    await continueReading();
    await rescore();
    await refreshScreens();
  });
}

export async function addGroundTruth(file: File): Promise<void> {
  const session = datasetSession();
  if (!session) return;
  try {
    const groundTruth = { name: file.name, text: await readGroundTruth(file) };
    const truth = parseGroundTruth(groundTruth.text, groundTruth.name);
    await jobs.exclusively([session.stored.id], 'data', async () => {
      await changeSession({ truth, stored: { ...session.stored, groundTruth } });
      closeSearch();
      await rescore();
      await refreshScreens();
    });
  } catch (error) {
    jobs.fail('data', error);
  }
}

/** The labels of a kept ground truth file; none, with a sentence, where it cannot be read (any more). */
export function keptTruth(groundTruth: StoredDataset['groundTruth']): GroundTruth | null {
  if (!groundTruth) return null;
  try {
    return parseGroundTruth(groundTruth.text, groundTruth.name);
  } catch (error) {
    jobs.fail('data', error);
    return null;
  }
}

/** Saves the current data set's problems as a CSV file. */
export function downloadProblems(): void {
  const { dataset } = datasetStore.getState();
  if (!dataset) return;
  import('../../exports/problems.ts').then(
    ({ problemsCsv }) =>
      saveFile(new Blob([problemsCsv(dataset.problems)], { type: 'text/csv' }), `${dataset.name} problems.csv`),
    (error) => jobs.fail('data', error),
  );
}
