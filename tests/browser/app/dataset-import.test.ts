import * as v from 'valibot';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { database } from '../../../src/app/context.ts';
import { clearHalfImport, importDataset } from '../../../src/app/dataset/dataset-file.ts';
import { followChanges, followOpened } from '../../../src/app/follow.ts';
import { jobs } from '../../../src/app/jobs/jobs.ts';
import { openedWorkspace } from '../../../src/app/opened.ts';
import { countFeatures, putFeatures } from '../../../src/storage/features.ts';
import { putThumbnails } from '../../../src/storage/pictures.ts';
import { getSetting, putSetting } from '../../../src/storage/settings.ts';

followChanges();
followOpened();

/** As stored: what a tab leaves that dies while it imports. */
const UNDERWAY = 'import-underway';
const LOCK = 'likeness-work:import';

const underway = () => getSetting(database, UNDERWAY, v.boolean());
const said = () => jobs.store.getState().failures.map(({ message }) => message);

afterEach(async () => {
  jobs.store.setState(jobs.store.getInitialState(), true);
  openedWorkspace().dataset.setState(openedWorkspace().dataset.getInitialState(), true);
  await putSetting(database, UNDERWAY, false);
});

/** A thumbnail and a feature that no data set has; resolves to what counts them. */
async function halfAnImport(): Promise<() => Promise<number[]>> {
  const [hash, featuresKey] = [`half-import-${crypto.randomUUID()}`, `half-import-${crypto.randomUUID()}`];
  await putThumbnails(database, [{ hash, blob: new Blob(['x'], { type: 'image/webp' }), width: 1, height: 1 }]);
  await putFeatures(database, featuresKey, [{ hash, features: Float32Array.of(1, 2) }]);
  const thumbnails = () => database.read((connection) => connection.count('thumbnails', hash));
  const kept = async () => [await thumbnails(), await countFeatures(database, featuresKey)];
  expect(await kept()).toEqual([1, 1]);
  return kept;
}

/** Another tab imports; call what it resolves to when it has ended. */
async function otherTabImports(): Promise<() => Promise<void>> {
  let letGo = () => {};
  const working = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let ended: Promise<unknown> = Promise.resolve();
  await new Promise<void>((granted) => {
    ended = navigator.locks.request(LOCK, () => {
      granted();
      return working;
    });
  });
  const end = async (): Promise<void> => {
    letGo();
    await ended;
  };
  // A test that fails on the way would keep the lock from the next one.
  onTestFinished(end);
  return end;
}

test('what a tab stored that died while importing is gone after the next start', async () => {
  const kept = await halfAnImport();
  await putSetting(database, UNDERWAY, true);
  await clearHalfImport();
  expect(await kept()).toEqual([0, 0]);
  expect(await underway()).toBe(false);
});

test('a start without an import that died deletes nothing', async () => {
  const kept = await halfAnImport();
  await clearHalfImport();
  expect(await kept()).toEqual([1, 1]);
});

test('what another tab is importing is left to it', async () => {
  const kept = await halfAnImport();
  await putSetting(database, UNDERWAY, true);
  const end = await otherTabImports();
  await clearHalfImport();
  expect(await kept()).toEqual([1, 1]);
  expect(await underway()).toBe(true);
  await end();
  await clearHalfImport();
  expect(await kept()).toEqual([0, 0]);
});

test('a second import beside that of another tab is refused in words, and changes nothing', async () => {
  const kept = await halfAnImport();
  const end = await otherTabImports();
  await importDataset(new File(['anything'], 'other.likeness.zip'));
  expect(said()).toEqual([expect.stringMatching(/^Another data set is being imported\. Wait for it/)]);
  expect(await kept()).toEqual([1, 1]);
  await end();
});

test('a file that is no data set is refused with the reason, and the start after it has nothing to clear', async () => {
  const kept = await halfAnImport();
  await importDataset(new File(['anything'], 'photo.likeness.zip'));
  expect(said()).toEqual([expect.stringContaining('photo.likeness.zip')]);
  expect(await underway()).toBe(false);
  await clearHalfImport();
  expect(await kept()).toEqual([1, 1]);
  expect(openedWorkspace().dataset.getState().dataset).toBeNull();
});
