import * as v from 'valibot';
import type { GroundTruth } from '../../data/ground-truth.ts';
import * as stored from '../../storage/datasets.ts';
import { getFiles } from '../../storage/files.ts';
import type { StoredDataset } from '../../storage/schema.ts';
import { getSetting, putSetting } from '../../storage/settings.ts';
import { deleteUnused } from '../../storage/unused.ts';
import { datasetListStore } from '../dataset-list.ts';
import { changeSession, type DatasetSession, datasetSession, showSession } from '../dataset-session.ts';
import { jobs } from '../jobs.ts';
import { readableFiles } from '../readable-files.ts';
import { database } from '../session.ts';
import { keptLabels } from './data.ts';
import { refreshModels } from './models.ts';
import { refreshScreens } from './refresh.ts';
import { closeSearch } from './search.ts';

const CURRENT = 'current-dataset';

/** The data set that a reload opens again. */
export function rememberCurrent(id: string): Promise<void> {
  return putSetting(database, CURRENT, id);
}

/** Lists the stored data sets and opens the one that was open last. */
export async function restoreDatasets(): Promise<void> {
  const before = datasetSession();
  const all = await stored.listDatasets(database);
  const last = await getSetting(database, CURRENT, v.string());
  const session = await sessionOf(all.find(({ id }) => id === last)?.id ?? all.at(-1)?.id ?? null);
  const listed = all.map(({ id, name, images }) => ({ id, name, images }));
  datasetListStore.setState(({ datasets }) => ({
    datasets: [...listed, ...datasets.filter((known) => !listed.some(({ id }) => id === known.id))],
  }));
  // Whoever drops a folder while the page is still reading wants that one.
  if (datasetSession() === before) await showSession(session);
}

async function listStored(): Promise<StoredDataset[]> {
  const all = await stored.listDatasets(database);
  datasetListStore.setState({ datasets: all.map(({ id, name, images }) => ({ id, name, images })) });
  return all;
}

export async function switchDataset(id: string): Promise<void> {
  try {
    stopAll();
    closeSearch();
    await show(id);
    await rememberCurrent(id);
    await refreshScreens();
  } catch (error) {
    jobs.fail('data', error);
    // Whichever is open now: without its counts nothing could be embedded.
    await refreshModels();
  }
}

export async function renameDataset(id: string, name: string): Promise<void> {
  const trimmed = name.trim();
  if (trimmed === '') return;
  try {
    const renamed = await jobs.exclusively([id], 'data', async () => {
      const session = datasetSession();
      if (session?.stored.id === id) return changeSession({ stored: { ...session.stored, name: trimmed } });
      const known = await stored.getDataset(database, id);
      if (known) await stored.putDataset(database, { ...known, name: trimmed });
    });
    if (!renamed) return;
    datasetListStore.setState(({ datasets }) => ({
      datasets: datasets.map((known) => (known.id === id ? { ...known, name: trimmed } : known)),
    }));
  } catch (error) {
    jobs.fail('data', error);
  }
}

/** With all that only this data set needs; what others share by content stays. */
export async function deleteDataset(id: string): Promise<void> {
  try {
    const open = datasetSession()?.stored.id === id;
    const deleted = await jobs.exclusively([id], 'data', async () => {
      if (open) {
        stopAll();
        closeSearch();
      }
      await stored.deleteDataset(database, id);
      await deleteUnused(database);
    });
    if (!deleted) return;
    datasetListStore.setState(({ datasets }) => ({ datasets: datasets.filter((known) => known.id !== id) }));
    if (open) await show(datasetListStore.getState().datasets.at(-1)?.id ?? null);
    await refreshScreens();
  } catch (error) {
    jobs.fail('data', error);
  }
}

/** Shows the open data set as it is stored now: another tab may have worked on it. */
export async function reopenDataset(): Promise<void> {
  const open = datasetSession()?.stored.id;
  if (open === undefined) return;
  await listStored();
  await show(open);
}

async function show(id: string | null): Promise<void> {
  await showSession(await sessionOf(id));
}

/** What is stored of a data set, ready to be shown; null where nothing is. */
async function sessionOf(id: string | null): Promise<DatasetSession | null> {
  const dataset = id === null ? null : await stored.getDataset(database, id);
  if (!dataset) return null;
  const files = await getFiles(database, dataset.id);
  const labels = await keptLabels(
    dataset,
    files.map(({ path }) => path),
  );
  return {
    stored: await withLabels(dataset, labels),
    truth: labels,
    files: new Map(files.map((file) => [file.path, file])),
    readable: await readableNow(dataset),
  };
}

/** Labels that came as text are stored as what was read of it: reading a million lines again at every start takes seconds. */
async function withLabels(dataset: StoredDataset, labels: GroundTruth | null): Promise<StoredDataset> {
  const { groundTruth } = dataset;
  if (!labels || !groundTruth || 'labels' in groundTruth) return dataset;
  const { text: _, ...named } = groundTruth;
  const read = { ...dataset, groundTruth: { ...named, labels } };
  await stored.putDataset(database, read);
  return read;
}

/** A dropped folder's files are gone after a reload; the demo's are drawn again. */
async function readableNow({ id, demo }: StoredDataset): Promise<DatasetSession['readable']> {
  const known = readableFiles(id);
  if (!demo || known.size > 0) return known;
  const { demoFiles } = await import('../../data/demo/list-demo.ts');
  return new Map(demoFiles().map((file) => [file.path, file]));
}

export function stopAll(): void {
  jobs.cancel(() => true);
}
