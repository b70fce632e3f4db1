import { afterEach, expect, test } from 'vitest';
import { deleteStored } from '../../../src/state/actions/storage.ts';
import { datasetListStore } from '../../../src/state/dataset-list.ts';
import { datasetStore } from '../../../src/state/datasets.ts';
import { jobs } from '../../../src/state/jobs.ts';
import { database } from '../../../src/state/session.ts';
import { putThumbnails } from '../../../src/storage/thumbnails.ts';

const hash = `delete-stored-${crypto.randomUUID()}`;
const kept = () => database.read((connection) => connection.count('thumbnails', hash));

afterEach(() => {
  jobs.store.setState(jobs.store.getInitialState(), true);
  datasetStore.setState(datasetStore.getInitialState(), true);
});

test('what another tab works with is not deleted under it, and that is said', async () => {
  const ids = [crypto.randomUUID(), crypto.randomUUID()];
  datasetListStore.setState({ datasets: ids.map((id) => ({ id, name: id, images: 1 })) });
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
  await deleteStored('thumbnails');
  expect(await kept()).toBe(1);
  expect(jobs.store.getState().failures.map(({ message }) => message)).toEqual([
    expect.stringMatching(/Another tab .* Nothing was changed/),
  ]);
  letGo();
  await working;
  await deleteStored('thumbnails');
  expect(await kept()).toBe(0);
});
