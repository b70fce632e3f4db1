import type { Subject } from '../core/context.ts';
import { deriveDataset } from '../core/derive-dataset.ts';
import type { GroundTruth } from '../data/ground-truth.ts';
import type { ListedFile } from '../data/listing.ts';
import { pageTurn } from '../data/slices.ts';
import { AppError } from '../errors.ts';
import { putDataset } from '../storage/datasets.ts';
import type { StoredDataset, StoredFile } from '../storage/schema.ts';
import type { ImageRecord, Problem } from '../types.ts';
import { datasetListStore, listDataset } from './dataset-list.ts';
import { type DatasetState, datasetStore } from './datasets.ts';
import { jobs, type Screen } from './jobs.ts';
import { keepReadable } from './readable-files.ts';
import { database } from './session.ts';

/** The data set that is open: what is stored of it, and the files that can be read now. */
export interface DatasetSession {
  readonly stored: StoredDataset;
  readonly truth: GroundTruth | null;
  /** By path; outcomes are added while reading. */
  readonly files: Map<string, StoredFile>;
  /** By path; empty after a reload until the folder is dropped again or unlocked. */
  readonly readable: ReadonlyMap<string, ListedFile>;
  /** Files that were read in an earlier visit, and may be others since: each leaves it when that is known. */
  readonly unchecked?: Set<string>;
  /** Files that were others than before when they were checked, and were read again in this visit. */
  readonly changed?: readonly Problem[];
  /** Images that a model could not be given, by weights and path. Not stored: embedding again tries them again. */
  readonly unembedded?: ReadonlyMap<string, Problem>;
}

let current: DatasetSession | null = null;
export function datasetSession(): DatasetSession | null {
  return current;
}

/** The images of the open data set as they are shown. */
export function openSubject(): Subject {
  return { datasetId: current?.stored.id ?? '', images: datasetStore.getState().images };
}

const resets = new Set<(next: string | null) => void>();
/** How often another data set was shown. */
let shown = 0;

/** Calls `reset` whenever another data set (or none) is about to be shown: nothing about the one before may stay. */
export function onOtherDataset(reset: (next: string | null) => void): void {
  resets.add(reset);
}

/** Tells later whether the data set that is shown now still is: what comes late for one that is gone is dropped. */
export function whileOpen(): () => boolean {
  const mine = shown;
  return () => mine === shown;
}

function show(state: DatasetState): void {
  const next = state.dataset?.id ?? null;
  if ((datasetStore.getState().dataset?.id ?? null) !== next) {
    shown++;
    for (const reset of resets) reset(next);
  }
  datasetStore.setState(state);
}

/** Screens whose work and failures are about the open data set. Of `data`, some opens the next one. */
const ABOUT_DATASET: readonly (Screen | null)[] = ['models', 'comparison', 'search', 'dashboard'];

/** Stops what is computed for a data set, which would read the next one's files. Opened again, it can be resumed. */
function leave(datasetId: string): void {
  jobs.leave(datasetId);
  // Downloads and imports of weights are for every data set.
  jobs.cancel(({ screen }) => screen !== 'models' && ABOUT_DATASET.includes(screen));
  jobs.store.setState(({ failures }) => ({
    failures: failures.filter(({ screen }) => !ABOUT_DATASET.includes(screen)),
  }));
}

/**
 * Makes this the open data set at once, and shows it in turns of the page: with 20,000 images each takes its time.
 * Resolves to the number of images.
 */
export async function showSession(session: DatasetSession | null): Promise<number> {
  if (current && current.stored.id !== session?.stored.id) leave(current.stored.id);
  current = session;
  if (!session) {
    show({ dataset: null, images: [], notices: [], files: 'gone' });
    datasetListStore.setState(({ datasets }) => ({ status: datasets.length > 0 ? 'ready' : 'empty' }));
    return 0;
  }
  keepReadable(session.stored.id, session.readable);
  await pageTurn();
  const { dataset, images, notices } = deriveDataset(session.stored, session.files, session.truth, [
    ...(session.changed ?? []),
    ...(session.unembedded?.values() ?? []),
  ]);
  await pageTurn();
  // Meanwhile it may have been changed again, or another may have been opened.
  if (current !== session) return images.length;
  const files = session.readable.size > 0 ? 'here' : session.stored.handles?.length ? 'locked' : 'gone';
  show({ dataset, images, notices, files });
  listDataset({ id: dataset.id, name: dataset.name, images: images.length });
  return images.length;
}

/** Stores a change of the open data set and shows it. */
export async function changeSession(change: Partial<DatasetSession>): Promise<void> {
  if (!current) return;
  // Of another data set, which was open when the change was begun.
  if (change.stored && change.stored.id !== current.stored.id) return;
  const next = { ...current, ...change };
  const images = await showSession(next);
  await putDataset(database, { ...next.stored, images });
}

/**
 * Shows outcomes as they come, without deriving everything anew: readable images get hash and size; unreadable ones
 * stay until the end of the reading, when the data set is derived again.
 */
export function showOutcomes(session: DatasetSession, outcomes: readonly StoredFile[]): void {
  const byPath = new Map(outcomes.map((file) => [file.path, file]));
  for (const file of outcomes) session.files.set(file.path, file);
  if (session !== current) return;
  let read = 0;
  const images = datasetStore.getState().images.map((image) => {
    const shown = withOutcome(image, byPath.get(image.path));
    if (shown.hash !== null) read++;
    return shown;
  });
  datasetStore.setState(({ dataset }) => ({ images, dataset: dataset ? { ...dataset, read } : null }));
}

function withOutcome(image: ImageRecord, file: StoredFile | undefined): ImageRecord {
  if (!file?.outcome?.ok) return image;
  const { hash, width, height } = file.outcome;
  return { ...image, bytes: file.bytes ?? image.bytes, hash, width, height };
}

/** Opens an image's file. Throws AppError 'files-gone' where it cannot be read now, or is not the file that was read. */
export async function openFile(path: string, session = current): Promise<Blob> {
  const listed = session?.readable.get(path);
  const known = session?.files.get(path);
  if (!listed) {
    throw new AppError('files-gone', 'The dropped files cannot be read any more. Drop the folder again to go on.');
  }
  const blob = await listed.open();
  if (known?.outcome?.ok && isAnother(known, blob)) {
    throw new AppError(
      'files-gone',
      `“${path}” has changed since it was read. Drop the folder again to read it again.`,
    );
  }
  return blob;
}

function isAnother({ bytes, mark }: StoredFile, blob: Blob): boolean {
  if (bytes !== null && bytes !== blob.size) return true;
  return blob instanceof File && mark !== undefined && mark.modified !== null && mark.modified !== blob.lastModified;
}
