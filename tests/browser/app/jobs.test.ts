import { afterEach, expect, test, vi } from 'vitest';
import { engineStore } from '../../../src/app/engine.ts';
import { jobs } from '../../../src/app/jobs/jobs.ts';
import { settingsStore } from '../../../src/app/settings/settings.ts';
import { AppError } from '../../../src/errors.ts';

afterEach(() => {
  jobs.store.setState(jobs.store.getInitialState(), true);
  engineStore.setState(engineStore.getInitialState(), true);
  settingsStore.setState(settingsStore.getInitialState(), true);
});

const failing = (error: AppError, run: () => void) => {
  const remedy = { label: 'Go on embedding', run };
  return jobs.run({ screen: 'models', stage: 'Embedding', unit: 'images', remedy }, async () => {
    throw error;
  });
};
const lost = new AppError('engine-lost', 'The graphics device was lost 3 times in a row.');
const failure = () => jobs.store.getState().failures.at(-1) ?? expect.fail('nothing failed');

test.each([
  ['webgpu', lost, 'Go on with WASM'],
  ['webgpu', new AppError('engine-memory', 'Too little.'), 'Go on with WASM'],
  ['webgpu', new AppError('storage-refused', 'Full.'), 'Go on embedding'],
  ['wasm', new AppError('engine-unavailable', 'No worker.'), 'Go on embedding'],
] as const)('on %s, %o is answered by the button that helps', async (kind, error, label) => {
  engineStore.setState({ engine: { kind, adapter: null, workers: 1, reason: null } });
  expect(await failing(error, () => {})).toBe(false);
  expect(failure()).toMatchObject({ tone: 'wrong', screen: 'models', message: error.message, remedy: { label } });
});

test('WASM takes the place of the card once that is asked for, and not before', async () => {
  engineStore.setState({ engine: { kind: 'webgpu', adapter: 'Test card', workers: 1, reason: null } });
  const again = vi.fn<() => void>();
  await failing(lost, again);
  expect(settingsStore.getState().wasmInstead).toBe(false);
  failure().remedy?.run();
  expect(settingsStore.getState().wasmInstead).toBe(true);
  expect(again).toHaveBeenCalledTimes(1);
});
