import { afterEach, beforeEach, expect, test } from 'vitest';
import { cdp } from 'vitest/browser';
import type { Connection } from '../../../../src/workers/connect.ts';
import type { WeightsWorker } from '../../../../src/workers/protocol.ts';
import { tinyWeights } from '../../../tiny-weights.ts';
import { download, EmulatedHub, ID, openWorker } from './emulated-hub.ts';

let hub: EmulatedHub;
let worker: Connection<WeightsWorker>;

beforeEach(async () => {
  hub = new EmulatedHub();
  await hub.set({});
  worker = openWorker(hub);
  for (const { id } of await worker.api.listCached()) await worker.api.remove(id);
  await worker.api.remove(ID);
});

afterEach(() => worker.close());

async function weightsFolder(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle('weights', { create: true });
}

async function put(folder: string, name: string, content: string | Blob): Promise<void> {
  const directory = await (await weightsFolder()).getDirectoryHandle(folder, { create: true });
  const writable = await (await directory.getFileHandle(name, { create: true })).createWritable();
  await writable.write(content);
  await writable.close();
}

async function folders(): Promise<string[]> {
  const names: string[] = [];
  for await (const name of (await weightsFolder()).keys()) names.push(name);
  return names.sort();
}

test('what a crash or another program left is not listed, and is swept away', async () => {
  const meta = JSON.stringify(await download(worker, hub));
  await put('no-record', 'model.safetensors', new Blob([tinyWeights()]));
  await put('half-written', 'meta.json', meta.slice(0, 40));
  await put('half-written', 'model.safetensors', 'abc');
  await put('borrowed-record', 'meta.json', meta);
  await put('borrowed-record', 'model.safetensors', new Blob([tinyWeights()]));
  await put('unknown-network', 'meta.json', meta.replaceAll('deit_tiny_patch16_224', '__proto__'));
  await put('empty-partial', 'partial.json', '{}');
  await (await weightsFolder()).getDirectoryHandle('empty', { create: true });
  expect((await worker.api.listCached()).map(({ id }) => id)).toEqual([ID]);
  expect(await folders()).toEqual([ID]);
});

test('a cached file that was cut is not handed out, and is downloaded again', async () => {
  await download(worker, hub);
  await put(ID, 'model.safetensors', new Blob([tinyWeights().subarray(0, 1000)]));
  await expect(worker.api.open(ID)).rejects.toMatchObject({ code: 'weights-missing' });
  await download(worker, hub);
  expect((await worker.api.open(ID)).size).toBe(tinyWeights().length);
});

test('ids from outside are never paths', async () => {
  for (const id of ['../../escape', '..', '.', 'a/b', '', 'x'.repeat(500)]) {
    await expect(worker.api.open(id)).rejects.toMatchObject({ code: expect.stringMatching(/missing|bad-argument/) });
  }
  expect(await worker.api.lasting()).toBe(true);
});

test('a full disk: the sizes are told, what has come is kept, and more room lets it continue', async () => {
  const session = cdp() as unknown as { send(method: string, parameters: object): Promise<unknown> }; // untyped by vitest
  const { origin } = location;
  const { usage = 0 } = await navigator.storage.estimate();
  try {
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + 300_000 });
    const failed = download(worker, hub);
    await expect(failed).rejects.toMatchObject({ code: 'storage-refused' });
    await expect(failed).rejects.toThrow(/These weights need 0\.6 MB, .* These are kept/);
  } finally {
    await session.send('Storage.overrideQuotaForOrigin', { origin });
  }
  const kept = await worker.api.partial(ID);
  expect(kept).toBeGreaterThan(0);
  await hub.set({});
  await download(worker, hub);
  expect(await hub.ranges()).toEqual([`bytes=${kept}-`]);
});
