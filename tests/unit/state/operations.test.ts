import { afterEach, expect, test, vi } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import { activityStore } from '../../../src/state/activity.ts';
import { modelsStore } from '../../../src/state/models.ts';
import { operate, warn } from '../../../src/state/operations.ts';
import { settingsStore } from '../../../src/state/settings.ts';

afterEach(() => {
  activityStore.setState(activityStore.getInitialState(), true);
  modelsStore.setState(modelsStore.getInitialState(), true);
  settingsStore.setState(settingsStore.getInitialState(), true);
});

const failing = (error: AppError, again: () => void) =>
  operate(
    'models',
    'Embedding',
    'images',
    async () => {
      throw error;
    },
    { label: 'Go on embedding', run: again },
  );
const lost = new AppError('engine-lost', 'The graphics device was lost 3 times in a row.');
const failure = () => activityStore.getState().failures.at(-1) ?? expect.fail('nothing failed');

test.each([
  ['webgpu', lost, 'Go on with WASM'],
  ['webgpu', new AppError('engine-memory', 'Too little.'), 'Go on with WASM'],
  ['webgpu', new AppError('storage-refused', 'Full.'), 'Go on embedding'],
  ['wasm', new AppError('engine-unavailable', 'No worker.'), 'Go on embedding'],
] as const)('on %s, %o is answered by the button that helps', async (kind, error, label) => {
  modelsStore.setState({ engine: { kind, adapter: null, workers: 1, reason: null } });
  expect(await failing(error, () => {})).toBe(false);
  expect(failure()).toMatchObject({ tone: 'wrong', screen: 'models', message: error.message, remedy: { label } });
});

test('WASM takes the place of the card once that is asked for, and not before', async () => {
  modelsStore.setState({ engine: { kind: 'webgpu', adapter: 'Test card', workers: 1, reason: null } });
  const again = vi.fn<() => void>();
  await failing(lost, again);
  expect(settingsStore.getState().wasmInstead).toBe(false);
  failure().remedy?.run();
  expect(settingsStore.getState().wasmInstead).toBe(true);
  expect(again).toHaveBeenCalledTimes(1);
});

test('what goes on otherwise than planned is said once, on every screen, as a warning', () => {
  const again = new AppError('engine-lost', 'The graphics device was lost. It was opened anew.');
  warn(again);
  warn(again);
  expect(activityStore.getState().failures).toMatchObject([{ screen: null, tone: 'warning', message: again.message }]);
});
