import * as v from 'valibot';
import type { GroundTruth } from '../../data/ground-truth.ts';
import { AppError } from '../../errors.ts';
import * as stored from '../../storage/datasets.ts';
import { getFiles } from '../../storage/datasets.ts';
import type { StoredDataset } from '../../storage/schema.ts';
import { getSetting, putSetting } from '../../storage/settings.ts';
import { deleteUnused } from '../../storage/usage.ts';
import { context, database } from '../context.ts';
import { jobs } from '../jobs/jobs.ts';
import { openedWorkspace } from '../opened.ts';
import { closeSearch } from '../search/answering-run.ts';
import type { Workspace } from '../workspace.ts';
import type { DatasetSession } from './dataset.ts';
import { datasetListStore, summaryOf } from './dataset-list.ts';
import { keptLabels } from './read.ts';
import { readableFiles } from './readable-files.ts';
import { changeSession, openSession, showAgain } from './session.ts';

const CURRENT = 'current-dataset';

/** The data set that a reload opens again. */
export function rememberCurrent(id: string): Promise<void> {
  return putSetting(database, CURRENT, id);
}

/** Lists the stored data sets and opens the one that was open last, once `ready` has ended: what it shows needs that. */
export async function restoreDatasets(ready: Promise<unknown> = Promise.resolve()): Promise<void> {
  const before = openedWorkspace();
  const all = await stored.listDatasets(database);
  const last = await getSetting(database, CURRENT, v.string());
  const session = await sessionOf(all.find(({ id }) => id === last)?.id ?? all.at(-1)?.id ?? null);
  const listed = all.map(summaryOf);
  datasetListStore.setState(({ datasets }) => ({
    datasets: [...listed, ...datasets.filter((known) => !listed.some(({ id }) => id === known.id))],
  }));
  await ready;
  // A folder that is dropped while the page is still reading is what the user wants.
  if (openedWorkspace() === before && !before.session) await openSession(session);
  else openedWorkspace().catchUp.touch();
}

async function listStored(): Promise<StoredDataset[]> {
  const all = await stored.listDatasets(database);
  datasetListStore.setState({ datasets: all.map(summaryOf) });
  return all;
}

export async function switchDataset(id: string): Promise<void> {
  try {
    const workspace = await show(id);
    if (!workspace) return;
    await rememberCurrent(id);
    await workspace.catchUp.settled();
  } catch (error) {
    jobs.fail('data', error);
  }
}

export async function renameDataset(workspace: Workspace, id: string, name: string): Promise<void> {
  const trimmed = name.trim();
  if (trimmed === '') return;
  try {
    const renamed = await jobs.exclusively([id], async () => {
      const session = workspace.session;
      if (session?.stored.id === id) return changeSession(workspace, { stored: { ...session.stored, name: trimmed } });
      const known = await stored.getDataset(database, id);
      if (known) await stored.putDataset(database, { ...known, name: trimmed });
    });
    if (!renamed) return;
    datasetListStore.setState(({ datasets }) => ({
      datasets: datasets.map((known) => (known.id === id ? { ...known, name: trimmed } : known)),
    }));
    context.changes.tell({ kind: 'datasets' });
  } catch (error) {
    jobs.fail('data', error);
  }
}

/** With all that only this data set needs; what others share by content stays. */
export async function deleteDataset(workspace: Workspace, id: string): Promise<void> {
  try {
    const open = workspace.session?.stored.id === id;
    const deleted = await jobs.exclusively([id], async () => {
      if (open) {
        stopAll();
        closeSearch(workspace);
      }
      await stored.deleteDataset(database, id);
      await deleteUnused(database);
    });
    if (!deleted) return;
    datasetListStore.setState(({ datasets }) => ({ datasets: datasets.filter((known) => known.id !== id) }));
    if (open) await show(datasetListStore.getState().datasets.at(-1)?.id ?? null);
    context.changes.tell({ kind: 'datasets' });
    await openedWorkspace().catchUp.settled();
  } catch (error) {
    jobs.fail('data', error);
  }
}

/** Shows the open data set as it is stored now: another tab may have worked on it. */
export async function reopenDataset(): Promise<void> {
  const workspace = openedWorkspace();
  if (!workspace.session) return;
  const { id, name } = workspace.session.stored;
  const all = await listStored();
  const session = await sessionOf(id);
  // Meanwhile the user may have opened another one.
  if (workspace !== openedWorkspace()) return;
  if (session) return showAgain(workspace, session);
  // As where it is deleted here, the next one takes its place.
  const next = all.at(-1);
  const shown = await show(next?.id ?? null);
  if (!shown) return;
  const instead = next ? ` “${next.name}” is open now.` : '';
  jobs.warn(new AppError('dataset-unusable', `“${name}” was deleted in another tab.${instead}`), { until: id });
}

/** Resolves to its workspace; null where the user has asked for another data set before this one was read. */
async function show(id: string | null): Promise<Workspace | null> {
  const before = openedWorkspace();
  const turn = ++before.opening.newest;
  const session = await sessionOf(id);
  return before === openedWorkspace() && turn === before.opening.newest ? openSession(session) : null;
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
