import { expect, onTestFinished, test } from 'vitest';
import { database } from '../../../src/app/context.ts';
import { chooseDashboard, refreshDashboard } from '../../../src/app/dashboard/load.ts';
import { datasetListStore } from '../../../src/app/dataset/dataset-list.ts';
import { deleteDataset, reopenDataset, switchDataset } from '../../../src/app/dataset/datasets.ts';
import { addFiles } from '../../../src/app/dataset/open.ts';
import { followChanges, followOpened } from '../../../src/app/follow.ts';
import { jobs } from '../../../src/app/jobs/jobs.ts';
import { loadModels } from '../../../src/app/models/rows.ts';
import { openedStore, openedWorkspace } from '../../../src/app/opened.ts';
import { AppError } from '../../../src/errors.ts';
import { deleteDataset as deleteStored } from '../../../src/storage/datasets.ts';
import { fakeRun, frozen } from '../ui/fake-comparison.ts';

followChanges();
followOpened();

/** A picture in a folder of that name, as a folder picker hands it over; resolves to its data set's id. */
async function opened(name: string, colour: string): Promise<string> {
  const canvas = new OffscreenCanvas(16, 16);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser draws on no canvas.');
  context.fillStyle = colour;
  context.fillRect(0, 0, 16, 16);
  const file = new File([await canvas.convertToBlob()], 'one.png');
  await addFiles([Object.defineProperty(file, 'webkitRelativePath', { value: `${name}/training/kind/one.png` })]);
  const id = openedWorkspace().dataset.getState().dataset?.id ?? '';
  onTestFinished(() => deleteDataset(openedWorkspace(), id));
  return id;
}

// Embed would promise what the other data set has, or lacks.
test('what is embedded is not said of a data set before it was counted there', async () => {
  await loadModels();
  const first = await opened('first', 'red');
  const second = await opened('second', 'blue');
  expect(second).not.toBe(first);
  await expect.poll(() => openedWorkspace().models.getState().counted).toBe(true);
  const whenShown: boolean[] = [];
  const stop = openedStore.subscribe(({ workspace }) => whenShown.push(workspace.models.getState().counted));
  await switchDataset(first);
  stop();
  expect(whenShown).toEqual([false]);
  expect(openedWorkspace().models.getState().counted).toBe(true);
});

test('work that another data set stops is said to have stopped, and can be resumed', async () => {
  const first = await opened('first', 'red');
  const second = await opened('second', 'blue');
  const working = jobs.start({ kind: 'embed', datasetId: second, weightsIds: ['colour-gradient'] }, ({ run }) =>
    run(
      { stage: 'Embedding', unit: 'images' },
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    ),
  );
  await expect.poll(() => jobs.store.getState().running.map(({ scope }) => scope)).toEqual([second]);
  await switchDataset(first);
  expect(await working).toBe(false);
  const warnings = () => jobs.store.getState().failures.filter(({ tone }) => tone === 'warning');
  expect(warnings().map(({ message }) => message)).toEqual([
    'The work on “second” was stopped, since another data set was opened. What was computed is kept: open it again to go on.',
  ]);
  // Open again, it need not be opened again; and nothing ran in the other one.
  await switchDataset(second);
  expect(warnings()).toEqual([]);
});

test('what was said of a drop goes with the data set that it fell on', async () => {
  const first = await opened('first', 'red');
  await opened('second', 'blue');
  await addFiles([new File(['words'], 'notes.txt')]);
  const said = () => jobs.store.getState().failures.map(({ message }) => message);
  expect(said()).toEqual([expect.stringContaining('no image in what was dropped')]);
  await switchDataset(first);
  expect(said()).toEqual([]);
});

test('the runs that were looked at are those that are shown when a data set is opened again', async () => {
  const first = await opened('first', 'red');
  const runs = ['a', 'b', 'c'].map((weightsId) => fakeRun({ members: [frozen(weightsId)], top1: 0.5, mapAtR: 0.5 }));
  const unscored = runs.map((run) => ({ ...run, result: { ...run.result, test: null, validation: null } }));
  const [, second, third] = unscored.map(({ id }) => id);
  const fill = () => openedWorkspace().comparison.setState({ runs: unscored });
  const shown = () => {
    const { a, aChosen, b, metric } = openedWorkspace().dashboard.getState();
    return { a, aChosen, b, metric };
  };
  const looked = { a: third, aChosen: true, b: second, metric: 'mrr' };
  fill();
  // Another load overtakes it, as when a ranking has just been scored.
  await Promise.all([
    chooseDashboard(openedWorkspace(), { a: third ?? null, b: second ?? null }),
    refreshDashboard(openedWorkspace()),
  ]);
  await chooseDashboard(openedWorkspace(), { metric: 'mrr' });
  expect(shown()).toEqual(looked);
  await opened('second', 'blue');
  fill();
  await refreshDashboard(openedWorkspace());
  expect(shown()).toMatchObject({ aChosen: false, b: null, metric: 'top10' });
  await switchDataset(first);
  fill();
  await refreshDashboard(openedWorkspace());
  expect(shown()).toEqual(looked);
});

test('what is said of a data set on every screen goes with it', async () => {
  const first = await opened('first', 'red');
  const second = await opened('second', 'blue');
  const said = () => jobs.store.getState().failures.map(({ message }) => message);
  jobs.warn(new AppError('dataset-unusable', 'Half of it has vectors.'), { about: second });
  jobs.warn(new AppError('engine-lost', 'The graphics device was lost.'));
  await switchDataset(first);
  expect(said()).toEqual(['The graphics device was lost.']);
  jobs.store.setState({ failures: [] });
});

test('a data set that another tab has deleted is said to be gone, and the next one is shown', async () => {
  const first = await opened('first', 'red');
  const second = await opened('second', 'blue');
  const said = () => jobs.store.getState().failures.map(({ message }) => message);
  await deleteStored(database, second);
  await reopenDataset();
  expect(openedWorkspace().session?.stored.id).toBe(first);
  expect(datasetListStore.getState().datasets.map(({ id }) => id)).toEqual([first]);
  expect(said()).toEqual(['“second” was deleted in another tab. “first” is open now.']);
  jobs.store.setState({ failures: [] });
  await deleteStored(database, first);
  await reopenDataset();
  expect(openedWorkspace().session).toBe(null);
  expect(said()).toEqual(['“first” was deleted in another tab.']);
  jobs.store.setState({ failures: [] });
});

const shown = () => openedWorkspace().session?.stored.id;

// Work that ends in another tab has the open data set read again, which takes a while.
test('a data set that is read again does not take the place of one that is opened meanwhile', async () => {
  const first = await opened('first', 'red');
  const second = await opened('second', 'blue');
  const again = reopenDataset();
  const switching = switchDataset(first);
  await Promise.all([again, switching]);
  expect(shown()).toBe(first);
  const workspace = openedWorkspace();
  await switchDataset(second);
  // Opened before what is stored of the other has been read.
  const late = reopenDataset();
  await Promise.all([switchDataset(first), late]);
  expect(shown()).toBe(first);
  expect(openedWorkspace()).not.toBe(workspace);
});
