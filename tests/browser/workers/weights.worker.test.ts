import { afterAll, describe, expect, inject, test } from 'vitest';
import { download as downloadTo } from '../../../src/models/weights/download.ts';
import { MemoryStore, openStore } from '../../../src/models/weights/opfs-store.ts';
import { usualPatience } from '../../../src/models/weights/retry.ts';
import { WeightsCache } from '../../../src/models/weights/weights-cache.ts';
import type { CachedWeights } from '../../../src/types.ts';
import { connect, controlled } from '../../../src/workers/connect.ts';
import type { WeightsWorker } from '../../../src/workers/protocol.ts';
import { tinyWeights } from '../../tiny-weights.ts';
import { download, EmulatedHub, tiny } from '../models/weights/emulated-hub.ts';

const worker = connect<WeightsWorker>(
  new Worker(new URL('../../../src/workers/weights.worker.ts', import.meta.url), { type: 'module' }),
);
afterAll(() => worker.close());

const sharedDir = inject('sharedDir');

test('the worker of the app lists, downloads, opens and removes weights of its origin', async () => {
  const hub = new EmulatedHub();
  await hub.set({});
  const [listed] = await worker.api.listOrigin(hub.url);
  if (!listed) throw new Error('Nothing is listed.');
  await worker.api.remove(listed.id);
  const cached = await download(worker, hub, listed);
  expect(await worker.api.listCached()).toContainEqual(cached);
  expect((await worker.api.open(listed.id)).size).toBe(tinyWeights().length);
  await worker.api.remove(listed.id);
  expect(await worker.api.listCached()).not.toContainEqual(cached);
});

test.skipIf(sharedDir === null)(
  'real weights are recognised and cached (needs the folder of real weights)',
  async () => {
    const folder = `/@fs${sharedDir}/models/deit_tiny_patch16_224.fb_in1k`;
    const [weights, config] = await Promise.all([
      fetch(`${folder}/model.safetensors`).then((response) => response.blob()),
      fetch(`${folder}/config.json`).then((response) => response.blob()),
    ]);
    const cached = await controlled<unknown, CachedWeights>(
      new AbortController().signal,
      () => {},
      (control) => worker.api.importFile(new File([weights], 'real.safetensors'), config, control),
    );
    expect(cached).toMatchObject({ id: 'real', architecture: 'deit_tiny_patch16_224', bytes: 11_448_352 });
    expect((await worker.api.open('real')).size).toBe(11_448_352);
    await worker.api.remove('real');
  },
);

describe('where the browser keeps no files', () => {
  test('the store is memory, which says so and does the same', async () => {
    // The main thread has no synchronous file access: to it, as in a private window, the file system is of no use.
    const store = await openStore();
    expect([store.lasting, store instanceof MemoryStore]).toEqual([false, true]);
    const cache = new WeightsCache(store);
    const hub = new EmulatedHub();
    await hub.set({ cutAt: [300_000] });
    const settings = {
      bases: { hub: new URL(hub.url), origin: new URL(hub.url) },
      patience: { ...usualPatience, pauseMs: 10 },
      signal: new AbortController().signal,
      report: () => {},
    };
    const cached = await downloadTo(cache, tiny(), settings);
    expect(await cache.list()).toEqual([cached]);
    expect(new Uint8Array(await (await cache.open(cached.id)).arrayBuffer())).toEqual(tinyWeights());
    expect((await hub.ranges())[1]).toMatch(/^bytes=\d+-$/);
  });
});

test('the development server lists models/ and has no page for missing weights', async () => {
  const listing = await fetch('/models/index.json');
  expect(listing.headers.get('content-type')).toContain('application/json');
  expect(await listing.json()).toHaveProperty('models');
  expect((await fetch('/models/missing/model.safetensors')).status).toBe(404);
});
