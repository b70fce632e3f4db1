import { beforeEach, expect, test, vi } from 'vitest';
import { followChanges, followOpened } from '../../../src/app/follow.ts';
import { loadModels, refreshModels, tickModel } from '../../../src/app/models/rows.ts';
import { openedWorkspace } from '../../../src/app/opened.ts';

followChanges();
followOpened();

const DESCRIPTOR = 'colour-gradient';
const row = () =>
  openedWorkspace()
    .models.getState()
    .rows.find(({ weights }) => weights.id === DESCRIPTOR);

beforeEach(() => openedWorkspace().models.setState(openedWorkspace().models.getInitialState()));

test('a folder that is dropped before weights are listed leaves the ticks to the start', async () => {
  let loaded = () => {};
  const loading = new Promise<void>((resolve) => {
    loaded = resolve;
  });
  const digest = crypto.subtle.digest.bind(crypto.subtle);
  const slow = vi.spyOn(crypto.subtle, 'digest').mockImplementation(async (...asked) => {
    await loading;
    return digest(...asked);
  });
  // Another list, whose digest is not known yet.
  openedWorkspace().dataset.setState({ images: [] });
  const refreshed = refreshModels(openedWorkspace());
  await loadModels();
  loaded();
  await refreshed;
  slow.mockRestore();
  expect(row()?.ticked).toBe(true);
});

test('a tick that is taken away while rows are brought up to date stays away', async () => {
  await loadModels();
  const refreshed = refreshModels(openedWorkspace());
  tickModel(openedWorkspace(), DESCRIPTOR, false);
  await refreshed;
  expect(row()?.ticked).toBe(false);
  tickModel(openedWorkspace(), DESCRIPTOR, true);
});
