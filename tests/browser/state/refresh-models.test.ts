import { beforeEach, expect, test, vi } from 'vitest';
import { loadModels, refreshModels, tickModel } from '../../../src/state/actions/models.ts';
import { datasetStore } from '../../../src/state/datasets.ts';
import { modelsStore } from '../../../src/state/models.ts';

const DESCRIPTOR = 'colour-gradient';
const row = () => modelsStore.getState().rows.find(({ weights }) => weights.id === DESCRIPTOR);

beforeEach(() => modelsStore.setState(modelsStore.getInitialState()));

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
  datasetStore.setState({ images: [] });
  const refreshed = refreshModels();
  await loadModels();
  loaded();
  await refreshed;
  slow.mockRestore();
  expect(row()?.ticked).toBe(true);
});

test('a tick that is taken away while rows are brought up to date stays away', async () => {
  await loadModels();
  const refreshed = refreshModels();
  tickModel(DESCRIPTOR, false);
  await refreshed;
  expect(row()?.ticked).toBe(false);
  tickModel(DESCRIPTOR, true);
});
