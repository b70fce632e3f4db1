import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  downloadWeights,
  findWeights,
  importWeights,
  openWeights,
  partialDownload,
  removeWeights,
} from '../../../src/core/weights-files.ts';
import { openDatabase } from '../../../src/storage/database.ts';
import { TINY, tinyWeights, wholeWeights } from '../../tiny-weights.ts';
import { EmulatedHub, ID } from '../models/weights/emulated-hub.ts';
import { seeWorkers } from '../workers/seen-workers.ts';
import { contextOver } from './context.ts';

const workers = seeWorkers();
const context = contextOver(openDatabase('never opened'));
const never = new AbortController().signal;
let hub = new EmulatedHub();

// The emulated hub's folder is the app's own origin here: its weights are listed and downloaded without a click's hub.
beforeEach(async () => {
  hub = new EmulatedHub();
  await hub.set({});
  vi.spyOn(document, 'baseURI', 'get').mockReturnValue(hub.url);
});
afterEach(async () => {
  await removeWeights(context, ID);
  vi.restoreAllMocks();
});

async function served() {
  const weights = (await findWeights(context)).origin.find(({ id }) => id === ID);
  if (!weights) throw new Error('The emulated hub does not list DeiT-Tiny.');
  return weights;
}

const bytesOf = async (id: string) => new Uint8Array(await (await openWeights(context, id)).arrayBuffer());

test('a download whose worker dies goes on at its byte in a new one', async () => {
  const weights = await served();
  await hub.set({ stallAt: [200_000] });
  const before = workers.made('weights');
  let killed = 0;
  const cached = await downloadWeights(context, weights, never, ({ done }) => {
    if (killed > 0 || done === 0) return;
    killed = done;
    workers.kill('weights');
  });
  expect(killed).toBeGreaterThan(0);
  expect(workers.made('weights')).toBe(before + 1);
  expect(cached.bytes).toBe(tinyWeights().length);
  expect(await bytesOf(ID)).toEqual(tinyWeights());
});

test('one whose worker dies again ends with a sentence, and what had arrived is kept for the next press', async () => {
  const weights = await served();
  await hub.set({ stallAt: [200_000, 400_000] });
  const killed = new Set<number>();
  const download = downloadWeights(context, weights, never, ({ done }) => {
    const worker = workers.made('weights');
    // Each once: what the first had told already still comes when it is dead, and before there is a second.
    if (done > 0 && killed.size < 2 && !killed.has(worker)) workers.kill('weights');
    if (done > 0) killed.add(worker);
  });
  await expect(download).rejects.toMatchObject({ code: 'worker-failed', message: expect.stringContaining('killed') });
  const kept = await partialDownload(context, ID);
  expect(kept).toBeGreaterThan(0);
  await downloadWeights(context, weights, never, () => {});
  expect(await bytesOf(ID)).toEqual(tinyWeights());
  expect((await hub.ranges()).at(-1)).toBe(`bytes=${kept}-`);
});

test('a worker that dies at any other call is asked once more', async () => {
  await downloadWeights(context, await served(), never, () => {});
  const before = workers.made('weights');
  workers.killAt('weights', 'listOrigin');
  expect((await findWeights(context)).cached.map(({ id }) => id)).toContain(ID);
  workers.killAt('weights', 'partial');
  expect(await partialDownload(context, ID)).toBe(0);
  workers.killAt('weights', 'open');
  expect(await bytesOf(ID)).toEqual(tinyWeights());
  workers.killAt('weights', 'importFile');
  // Other bytes than the hub's: what is cached already is not cached twice.
  const own = wholeWeights(TINY, 2);
  await importWeights(context, new File([own], 'own.safetensors'), null, never, () => {});
  expect(await bytesOf('own')).toEqual(own);
  workers.killAt('weights', 'remove');
  await removeWeights(context, 'own');
  workers.killAt('weights', 'listCached');
  expect((await findWeights(context)).cached.map(({ id }) => id)).not.toContain('own');
  expect(workers.made('weights')).toBe(before + 6);
});
