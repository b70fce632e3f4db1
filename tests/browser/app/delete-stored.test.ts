import { afterEach, expect, test } from 'vitest';
import { database } from '../../../src/app/context.ts';
import { datasetListStore } from '../../../src/app/dataset/dataset-list.ts';
import { addFiles } from '../../../src/app/dataset/open.ts';
import { followChanges, followOpened } from '../../../src/app/follow.ts';
import { jobs } from '../../../src/app/jobs/jobs.ts';
import { openedWorkspace } from '../../../src/app/opened.ts';
import { deleteStored } from '../../../src/app/settings/storage.ts';
import { putThumbnails } from '../../../src/storage/pictures.ts';

followChanges();
followOpened();

const hash = `delete-stored-${crypto.randomUUID()}`;
const kept = () => database.read((connection) => connection.count('thumbnails', hash));

afterEach(() => {
  jobs.store.setState(jobs.store.getInitialState(), true);
  openedWorkspace().dataset.setState(openedWorkspace().dataset.getInitialState(), true);
});

test('what another tab works with is not deleted under it, and that is said', async () => {
  const ids = [crypto.randomUUID(), crypto.randomUUID()];
  datasetListStore.setState({ datasets: ids.map((id) => ({ id, name: id, images: 1, createdAt: 0 })) });
  await putThumbnails(database, [{ hash, blob: new Blob(['x'], { type: 'image/webp' }), width: 1, height: 1 }]);
  let letGo = () => {};
  const working = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  // As the other tab does it: the browser's locks do not know whose they are.
  await new Promise<void>((granted) => {
    void navigator.locks.request(`likeness-work:${ids[1]}`, () => {
      granted();
      return working;
    });
  });
  await deleteStored(openedWorkspace(), 'thumbnails');
  expect(await kept()).toBe(1);
  expect(jobs.store.getState().failures.map(({ message }) => message)).toEqual([
    expect.stringMatching(/Another tab .* Nothing was changed/),
  ]);
  letGo();
  await working;
  await deleteStored(openedWorkspace(), 'thumbnails');
  expect(await kept()).toBe(0);
});

test('once all data sets are deleted, none is shown any more', async () => {
  const canvas = new OffscreenCanvas(8, 8);
  canvas.getContext('2d')?.fillRect(0, 0, 8, 8);
  const file = new File([await canvas.convertToBlob()], 'one.png');
  await addFiles([Object.defineProperty(file, 'webkitRelativePath', { value: 'deleted/training/kind/one.png' })]);
  expect(openedWorkspace().session).not.toBeNull();
  await deleteStored(openedWorkspace(), 'datasets');
  expect(openedWorkspace().session).toBeNull();
  expect(datasetListStore.getState()).toMatchObject({ status: 'empty', datasets: [] });
});
