import { beforeEach, expect, test, vi } from 'vitest';
import { tickEmbedded } from '../../../src/app/comparison/plan.ts';
import { context } from '../../../src/app/context.ts';
import { followChanges, followOpened } from '../../../src/app/follow.ts';
import { jobs } from '../../../src/app/jobs/jobs.ts';
import { importWeights } from '../../../src/app/models/import-weights.ts';
import { groupFor } from '../../../src/app/models/models.ts';
import { loadRates, noteRate, rateOf } from '../../../src/app/models/rates.ts';
import {
  downloadWeights,
  listOriginAgain,
  loadModels,
  refreshModels,
  tickModel,
} from '../../../src/app/models/rows.ts';
import { listVariant, unlistVariant } from '../../../src/app/models/variants.ts';
import { findWeightsById } from '../../../src/app/models/weights.ts';
import { openedWorkspace } from '../../../src/app/opened.ts';
import { AppError } from '../../../src/errors.ts';

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

test('what this machine was measured with a backbone is known in the next visit, of all weights of that backbone', async () => {
  const weights = findWeightsById('resnet50.tv_in1k');
  if (!weights) throw new Error('ResNet-50 is not built in.');
  noteRate(weights, 3, 10);
  expect(rateOf(weights)).toBeNull();
  noteRate(weights, 120, 10_000);
  const known = async () => {
    await loadRates();
    return rateOf({ ...weights, id: 'resnet50.tf_in1k' });
  };
  await expect.poll(known).toBe(12);
  const other = findWeightsById('resnet18.a1_in1k');
  expect(other && rateOf(other)).toBeNull();
  await loadModels();
  const rows = openedWorkspace().models.getState().rows;
  expect(rows.find((one) => one.weights.id === weights.id)?.imagesPerSecond).toBe(12);
});

test('a set of weights is listed once more where the user wants it, in later visits too', async () => {
  await loadModels();
  const id = 'resnet50.tv_in1k';
  const workspace = openedWorkspace();
  const ids = () => workspace.models.getState().rows.map(({ weights }) => weights.id);
  expect(await listVariant(workspace, id, { size: 288, flip: true })).toBeNull();
  expect(await listVariant(workspace, id, { size: null, flip: true })).toBeNull();
  const expected = [id, `${id}@288-flip`, `${id}@flip`];
  const own = () => ids().filter((one) => one.startsWith(id));
  expect(own()).toEqual(expected);
  expect(workspace.models.getState().rows.find(({ weights }) => weights.id === `${id}@flip`)?.ticked).toBe(true);
  workspace.models.setState(workspace.models.getInitialState());
  await loadModels();
  expect(own()).toEqual(expected);

  expect(await listVariant(workspace, id, { size: null, flip: true })).toContain('in the list already');
  expect(await listVariant(workspace, id, { size: 7, flip: false })).toContain('32 to 1024 pixels');
  expect(await listVariant(workspace, id, { size: null, flip: false })).toContain('first');
  expect(await listVariant(workspace, DESCRIPTOR, { size: null, flip: true })).toContain('looks at images as they are');
  expect(own()).toEqual(expected);
  for (const variant of expected.slice(1)) await unlistVariant(workspace, variant);
  expect(own()).toEqual([id]);
});

test('what has been embedded is ticked in the comparison, fine-tuned where classes are, and no decision is undone', () => {
  const { comparison, dataset } = openedWorkspace();
  const single = (weightsId: string, frozen = false, finetuned = false) => ({ weightsId, frozen, finetuned });
  const image = (at: number, className: string | null) => ({
    datasetId: 'd',
    path: String(at),
    split: 'training' as const,
    file: String(at),
    className,
    bytes: 1,
    hash: null,
    width: null,
    height: null,
  });
  comparison.setState({ singles: [single('a'), single('b', false, true), single('c')] });
  dataset.setState({ images: [image(0, 'x'), image(1, 'y')] });
  tickEmbedded(openedWorkspace(), ['a', 'b']);
  expect(comparison.getState().singles).toEqual([single('a', true, true), single('b', false, true), single('c')]);
  dataset.setState({ images: [image(0, 'x'), image(1, null)] });
  tickEmbedded(openedWorkspace(), ['c']);
  expect(comparison.getState().singles[2]).toEqual(single('c', true, false));
});

test('a file of another kind among the weights is named, with the lines that convert it', async () => {
  const bytes = new Uint8Array(600);
  bytes.set([0x80, 0x02, 0x8a]);
  await importWeights(openedWorkspace(), [new File([bytes], 'best.pt')]);
  const [failure] = jobs.store.getState().failures;
  expect(failure).toMatchObject({ screen: 'models', message: expect.stringContaining('a PyTorch checkpoint') });
  expect(failure?.message).toContain('\nsave_file(');
});

test('weights that are cached now are at hand at once, and go back when they are removed', async () => {
  await loadModels();
  const id = 'resnet50.tv_in1k';
  const weights = findWeightsById(id);
  if (!weights) throw new Error('ResNet-50 is not built in.');
  const shown = () =>
    openedWorkspace()
      .models.getState()
      .rows.find((one) => one.weights.id === id);
  expect(shown()).toMatchObject({ cached: null, group: groupFor(weights, null) });
  const preprocessing = {
    size: 224,
    cropPct: 0.875,
    interpolation: 'bilinear',
    mean: [0, 0, 0],
    std: [1, 1, 1],
  } as const;
  await context.weights.add({
    id,
    architecture: 'resnet50',
    bytes: 1,
    sha256: '',
    preprocessing,
    from: '',
    cachedAt: 0,
  });
  await refreshModels(openedWorkspace());
  expect(shown()).toMatchObject({ cached: { id }, group: 'here' });
  context.weights.forget(id);
  await refreshModels(openedWorkspace());
  expect(shown()).toMatchObject({ cached: null, group: groupFor(weights, null) });
});

test('the server’s list that could not be read at the start is asked for again before a download, and once it is read no more', async () => {
  jobs.store.setState({ failures: [] });
  const load = vi.spyOn(context.weights, 'load');
  load.mockRejectedValueOnce(new AppError('download-failed', 'The browser is offline.'));
  await loadModels();
  const said = () => jobs.store.getState().failures.map(({ message }) => message);
  expect(said()).toEqual(['The browser is offline.']);
  load.mockRejectedValueOnce(new AppError('download-failed', 'It is offline still.'));
  await listOriginAgain(openedWorkspace());
  expect(said()).toEqual(['The browser is offline.']);
  await downloadWeights(openedWorkspace(), DESCRIPTOR);
  expect(load).toHaveBeenCalledTimes(3);
  await listOriginAgain(openedWorkspace());
  expect(load).toHaveBeenCalledTimes(3);
  expect(said().filter((message) => message.includes('offline'))).toEqual([]);
  load.mockRestore();
  jobs.store.setState({ failures: [] });
});
