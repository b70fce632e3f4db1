import { afterEach, beforeEach, expect, test } from 'vitest';
import { parametersOf } from '../../../../src/models/networks/network.ts';
import type { Connection } from '../../../../src/workers/connect.ts';
import type { WeightsWorker } from '../../../../src/workers/protocol.ts';
import { TINY, tinyWeights } from '../../../tiny-weights.ts';
import { download, EmulatedHub, openWorker } from './emulated-hub.ts';

const REPOSITORY = 'timm/mobilenetv3_small_050.found';

let hub: EmulatedHub;
let worker: Connection<WeightsWorker>;

beforeEach(async () => {
  hub = new EmulatedHub();
  worker = openWorker(hub);
  for (const { id } of await worker.api.listCached()) await worker.api.remove(id);
});

afterEach(() => worker.close());

test('a repository of timm’s is described, and can then be downloaded', async () => {
  await hub.set({ licence: 'cc-by-nc-4.0' });
  const found = await worker.api.lookUp(REPOSITORY);
  expect(found).toMatchObject({
    repository: REPOSITORY,
    revision: 'main',
    bytes: tinyWeights().length,
    licence: 'cc-by-nc-4.0',
    limits: 'forbids commercial use',
    problem: null,
    runs: {
      weights: { id: 'mobilenetv3_small_050.found', architecture: TINY, origin: 'hub', licence: 'cc-by-nc-4.0' },
      parameters: parametersOf(TINY),
      sizes: [{ size: 224, cropPct: 0.875 }],
      note: null,
    },
  });
  const requests = (await hub.requests()).map(({ path }) => path);
  expect(new Set(requests)).toEqual(
    new Set([
      `api/models/${REPOSITORY}`,
      `api/models/${REPOSITORY}/tree/main`,
      `${REPOSITORY}/resolve/main/config.json`,
      `${REPOSITORY}/resolve/main/model.safetensors`,
      'store/model.safetensors?signed=1',
    ]),
  );
  // Only the weights' header was asked for.
  expect((await hub.ranges()).every((range) => range !== null)).toBe(true);
  if (!found.runs) throw new Error('It cannot run.');
  const cached = await download(worker, hub, found.runs.weights);
  // So that it is still known after a reload where it came from, and under which licence.
  expect(cached.hub).toEqual({ repository: REPOSITORY, revision: 'main', licence: 'cc-by-nc-4.0' });
  expect((await worker.api.listCached())[0]?.hub).toEqual(cached.hub);
});

test('somebody’s own repository gets a name that no set of timm’s has', async () => {
  await hub.set({ licence: 'mit' });
  const { runs, limits } = await worker.api.lookUp('someone/mobilenetv3_small_050.lamb_in1k');
  expect(runs?.weights.id).toBe('someone--mobilenetv3_small_050.lamb_in1k');
  expect(limits).toBeNull();
});

test('a server that knows no ranges is read no further than the header', async () => {
  await hub.set({ noRange: true });
  expect((await worker.api.lookUp(REPOSITORY)).runs?.weights.architecture).toBe(TINY);
});

test('without a licence, that is said', async () => {
  await hub.set({});
  expect(await worker.api.lookUp(REPOSITORY)).toMatchObject({
    licence: null,
    limits: expect.stringContaining('not named'),
  });
});

test.each([
  ['an architecture that has no network here', { config: 'unknown' }, 'swin_tiny_patch4_window7_224'],
  [
    'tensors that a network here would compute otherwise',
    { config: 'unknown' },
    'those of mobilenetv3_small_050, which',
  ],
  ['no config.json', { config: 'missing' }, 'no config.json'],
  ['a config.json of the transformers library', { config: 'transformers' }, 'transformers library'],
  ['tensors of another network', { body: 'foreign' }, 'of no network that Likeness has'],
  ['a web page in place of the weights', { body: 'html-as-binary' }, 'web page'],
  [
    'a config.json that names another network',
    { config: 'foreign' },
    'those of mobilenetv3_small_050, not those of resnet50',
  ],
  ['no model.safetensors', { withoutWeights: true }, 'no model.safetensors'],
] as const)('%s: it cannot run, with the reason', async (_, faults, reason) => {
  await hub.set(faults);
  const found = await worker.api.lookUp(REPOSITORY);
  expect(found.runs).toBeNull();
  expect(found.problem).toContain(reason);
});

test.each([
  [404, 'does not have'],
  [401, 'account'],
])('a hub that answers %i', async (cardStatus, reason) => {
  await hub.set({ cardStatus });
  const failed = worker.api.lookUp(REPOSITORY);
  await expect(failed).rejects.toMatchObject({ code: 'download-failed' });
  await expect(failed).rejects.toThrow(reason);
});

test('what names no repository is refused before anything is asked', async () => {
  await hub.set({});
  await expect(worker.api.lookUp('../../x')).rejects.toMatchObject({ code: 'bad-argument' });
  expect(await hub.requests()).toEqual([]);
});
