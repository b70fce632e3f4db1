import type { Subject } from '../../core/context.ts';
import { pageTurn } from '../../data/slices.ts';
import { AppError, FOLDER_AGAIN } from '../../errors.ts';
import { putDataset } from '../../storage/datasets.ts';
import type { StoredFile } from '../../storage/schema.ts';
import type { ImageRecord } from '../../types.ts';
import { database } from '../context.ts';
import { jobs } from '../jobs/jobs.ts';
import { openedWorkspace, replaceWorkspace } from '../opened.ts';
import { createWorkspace, type Workspace } from '../workspace.ts';
import type { DatasetSession } from './dataset.ts';
import { type DatasetListState, datasetListStore, listDataset, summaryOf } from './dataset-list.ts';
import { keepReadable } from './readable-files.ts';

/** The images of the open data set as they are shown. */
export function openSubject(workspace: Workspace): Subject {
  return { datasetId: workspace.session?.stored.id ?? '', images: workspace.dataset.getState().images };
}

/**
 * Opens a data set (or none) in a workspace of its own; of the one that is open already, what is new is shown. It is
 * derived in turns of the page, since with 20,000 images each takes its time, and takes the screens when it is complete;
 * what else is stored of it is read then. Resolves to its workspace.
 */
export async function openSession(session: DatasetSession | null): Promise<Workspace> {
  const before = openedWorkspace();
  const turn = ++before.opening.newest;
  if (session?.stored.id === before.session?.stored.id) {
    if (session) await showAgain(before, session);
    else {
      datasetListStore.setState(listStatus);
      before.catchUp.touch();
    }
    return before;
  }
  const next = createWorkspace(before);
  if (session) await showSession(next, session);
  next.catchUp.touch();
  if (turn === before.opening.newest && before === openedWorkspace()) replaceWorkspace(next);
  if (!session) datasetListStore.setState(listStatus);
  return next;
}

/** Shows what is new of the data set of a workspace; another one that is being opened meanwhile still takes its place. */
export async function showAgain(workspace: Workspace, session: DatasetSession): Promise<void> {
  await showSession(workspace, session);
  workspace.catchUp.touch();
}

const listStatus = ({ datasets }: DatasetListState): Pick<DatasetListState, 'status'> => ({
  status: datasets.length > 0 ? 'ready' : 'empty',
});

/** Shows the data set of a workspace as it is now, in turns of the page. Resolves to the number of images. */
async function showSession(workspace: Workspace, session: DatasetSession): Promise<number> {
  workspace.session = session;
  keepReadable(session.stored.id, session.readable);
  await pageTurn();
  // Loaded with the first data set: the first screen needs none of it.
  const { deriveDataset } = await import('../../core/derive-dataset.ts');
  const { dataset, ...derived } = deriveDataset(session.stored, session.files, session.truth, [
    ...(session.changed ?? []),
    ...(session.unembedded?.values() ?? []),
  ]);
  await pageTurn();
  // Meanwhile it may have been changed again.
  if (workspace.session !== session) return derived.images.length;
  const files = session.readable.size > 0 ? 'here' : session.stored.handles?.length ? 'locked' : 'gone';
  const before = workspace.dataset.getState().files;
  workspace.dataset.setState({ dataset, ...derived, files });
  // Dropped again, they are what was said to be missing.
  if (files === 'here' && before !== 'here') jobs.mended('files-gone');
  listDataset(summaryOf(session.stored));
  return derived.images.length;
}

/** Stores a change of the open data set and shows it. */
export async function changeSession(workspace: Workspace, change: Partial<DatasetSession>): Promise<void> {
  // Closed: it may have been deleted.
  if (!workspace.session || workspace.closed.aborted) return;
  const next = { ...workspace.session, ...change };
  const images = await showSession(workspace, next);
  await putDataset(database, { ...next.stored, images });
}

/**
 * Shows outcomes as they come, without deriving everything again: readable images get hash and size; unreadable ones
 * stay until the end of the reading, when the data set is derived again.
 */
export function showOutcomes(workspace: Workspace, session: DatasetSession, outcomes: readonly StoredFile[]): void {
  const byPath = new Map(outcomes.map((file) => [file.path, file]));
  for (const file of outcomes) session.files.set(file.path, file);
  if (session !== workspace.session) return;
  const before = workspace.dataset.getState();
  const withOutcomes = (images: readonly ImageRecord[]) =>
    images.map((image) => withOutcome(image, byPath.get(image.path)));
  const images = withOutcomes(before.images);
  const read = images.reduce((count, { hash }) => count + (hash === null ? 0 : 1), 0);
  workspace.dataset.setState(({ dataset, excluded, unclassed }) => ({
    images,
    excluded: withOutcomes(excluded),
    unclassed: withOutcomes(unclassed),
    dataset: dataset ? { ...dataset, read } : null,
  }));
}

function withOutcome(image: ImageRecord, file: StoredFile | undefined): ImageRecord {
  if (!file?.outcome?.ok) return image;
  const { hash, width, height } = file.outcome;
  return { ...image, bytes: file.bytes ?? image.bytes, hash, width, height };
}

/** Opens an image's file. Throws AppError 'files-gone' where it cannot be read now, or is not the file that was read. */
export async function openFile(workspace: Workspace, path: string, session = workspace.session): Promise<Blob> {
  const listed = session?.readable.get(path);
  const known = session?.files.get(path);
  if (!listed) {
    throw new AppError('files-gone', `The files cannot be read any more: ${FOLDER_AGAIN} to go on.`);
  }
  const blob = await listed.open();
  if (known?.outcome?.ok && isAnother(known, blob)) {
    throw new AppError(
      'files-gone',
      `“${path}” has changed since it was read: ${FOLDER_AGAIN} to read it as it is now.`,
    );
  }
  return blob;
}

function isAnother({ bytes, mark }: StoredFile, blob: Blob): boolean {
  if (bytes !== null && bytes !== blob.size) return true;
  return blob instanceof File && mark !== undefined && mark.modified !== null && mark.modified !== blob.lastModified;
}
