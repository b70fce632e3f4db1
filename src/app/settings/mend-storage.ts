import { AppError } from '../../errors.ts';
import { putFiles } from '../../storage/datasets.ts';
import { clearOrigin, originUsage } from '../../storage/usage.ts';
import { context, database } from '../context.ts';
import { datasetListStore } from '../dataset/dataset-list.ts';
import { rememberCurrent, stopAll } from '../dataset/datasets.ts';
import { forgetFiles } from '../dataset/readable-files.ts';
import { changeSession } from '../dataset/session.ts';
import { jobs } from '../jobs/jobs.ts';
import { forgetModels, loadModels } from '../models/rows.ts';
import { allWeights } from '../models/weights.ts';
import { openedWorkspace, replaceWorkspace } from '../opened.ts';
import { saveFile } from '../save-file.ts';
import { closeSearch } from '../search/answering-run.ts';
import { readStored } from '../start.ts';
import { createWorkspace, type Workspace } from '../workspace.ts';
import { pathStore } from './path.ts';
import { settingsStore } from './settings.ts';
import { noticeMemory, storageTroubleStore } from './storage-trouble.ts';

/** Reads again what is stored, now that what was in the way may be gone. */
export async function retryStorage(): Promise<void> {
  storageTroubleStore.setState({ trouble: null });
  await readStored();
}

/** Goes on without what is stored, which stays as it is; what is made from now on lasts until the tab is closed. */
export async function workInMemory(): Promise<void> {
  try {
    await database.keepInMemory();
    noticeMemory(new AppError('storage-refused', 'What is stored in this browser was left as it is.'));
    await readStored();
  } catch (error) {
    jobs.fail('settings', error);
  }
}

/** Saves what a newer version of the app has stored, unchanged. */
export async function saveStored(): Promise<void> {
  try {
    const { exportRaw } = await import('../../storage/raw-export.ts');
    saveFile(await exportRaw(), 'likeness stored data.json');
  } catch (error) {
    jobs.fail('settings', error);
  }
}

/** After everything was deleted elsewhere: stores again what this tab still knows of its data set. */
export async function goOnAfterDeletion(workspace: Workspace): Promise<void> {
  try {
    stopAll();
    database.renew();
    // Its files may be gone as well, and it would not know.
    context.workers.weights.close();
    storageTroubleStore.setState({ trouble: null });
    const session = workspace.session;
    closeSearch(workspace);
    datasetListStore.setState(({ datasets }) => ({ datasets: datasets.filter(({ id }) => id === session?.stored.id) }));
    if (session) {
      await changeSession(workspace, {});
      await putFiles(database, [...session.files.values()]);
      await rememberCurrent(session.stored.id);
    }
    await loadModels();
    workspace.catchUp.touch();
    await workspace.catchUp.settled();
  } catch (error) {
    jobs.fail('data', error);
  }
}

/** Ends all work, and leaves nothing of this app in the browser; the next thing that is done starts from nothing. */
export async function deleteEverything(workspace: Workspace): Promise<void> {
  try {
    stopAll();
    await jobs.idle(STOPPED_WITHIN_MS);
    // What is read later would make the database again.
    await workspace.catchUp.settled();
    closeSearch(workspace);
    context.backbones.close();
    context.workers.weights.close();
    await context.search.dropGalleriesBut();
    await database.destroy();
    await clearOrigin();
    await forgetEverything();
  } catch (error) {
    jobs.fail('settings', error);
  }
}

/** How long work may take to end after it was told to. */
const STOPPED_WITHIN_MS = 10_000;

/** Without reading: that would make an empty database again. */
async function forgetEverything(): Promise<void> {
  forgetFiles();
  context.weights.forgetAll();
  const empty = createWorkspace(openedWorkspace());
  replaceWorkspace(empty);
  pathStore.setState(pathStore.getInitialState());
  storageTroubleStore.setState(storageTroubleStore.getInitialState());
  datasetListStore.setState({ status: 'empty', datasets: [] });
  empty.search.setState({ ...empty.search.getInitialState(), opening: false });
  empty.cutoff.setState(empty.cutoff.getInitialState());
  const singles = allWeights().map(({ id }) => ({ weightsId: id, frozen: false, finetuned: false }));
  empty.comparison.setState({ singles });
  forgetModels(empty);
  const parts = settingsStore
    .getState()
    .storage.parts.map(({ id, label }) => ({ id, label, bytes: 0, entries: 0, items: [] }));
  const { theme, numbers, engine, workers, storage } = settingsStore.getInitialState();
  const { weightsLast } = settingsStore.getState().storage;
  settingsStore.setState({
    theme,
    numbers,
    engine,
    workers,
    storage: { ...storage, ...(await originUsage()), weightsLast, parts },
  });
}
