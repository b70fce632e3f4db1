import { afterEach, expect, test, vi } from 'vitest';
import { engineStore } from '../../../src/app/engine.ts';
import { followChanges } from '../../../src/app/follow.ts';
import { downloadBy, jobs } from '../../../src/app/jobs/jobs.ts';
import { settingsStore } from '../../../src/app/settings/settings.ts';
import { storageTroubleStore } from '../../../src/app/settings/storage-trouble.ts';
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
downloadBy(async () => true);
const SERVED = 'tf_efficientnetv2_b0.in1k';
const lost = new AppError('engine-lost', 'The graphics device was lost 3 times in a row.');
const failure = () => jobs.store.getState().failures.at(-1) ?? expect.fail('nothing failed');

test.each([
  ['webgpu', lost, 'Go on with WASM'],
  ['webgpu', new AppError('engine-memory', 'Too little.'), 'Go on with WASM'],
  ['webgpu', new AppError('storage-refused', 'Full.'), 'Go on embedding'],
  ['wasm', new AppError('engine-unavailable', 'No worker.'), 'Go on embedding'],
  ['wasm', new AppError('weights-missing', 'Not here.'), 'Go on embedding'],
  ['wasm', new AppError('weights-missing', 'Not here.', { weightsId: SERVED }), /^Download EfficientNetV2-B0 \(/],
] as const)('on %s, %o is answered by the button that helps', async (kind, error, label) => {
  engineStore.setState({ engine: { kind, adapter: null, workers: 1, reason: null } });
  expect(await failing(error, () => {})).toBe(false);
  expect(failure()).toMatchObject({
    tone: 'wrong',
    screen: 'models',
    message: error.message,
    remedy: { label: expect.stringMatching(label) },
  });
});

test('what is said of there being no room goes with the work that has found room', async () => {
  followChanges();
  const trouble = { kind: 'full', message: 'There is no room.' } as const;
  const job = { kind: 'download', weightsId: 'w' } as const;
  storageTroubleStore.setState({ trouble });
  await jobs.start(job, async () => false);
  expect(storageTroubleStore.getState().trouble).toBe(trouble);
  await jobs.start(job, async () => true);
  await expect.poll(() => storageTroubleStore.getState().trouble).toBeNull();
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
