import { afterEach, beforeEach, expect, test } from 'vitest';
import { cdp } from 'vitest/browser';
import { download as downloadTo } from '../../../../src/models/weights/download.ts';
import { MemoryStore } from '../../../../src/models/weights/opfs-store.ts';
import { usualPatience } from '../../../../src/models/weights/retry.ts';
import { WeightsCache } from '../../../../src/models/weights/weights-cache.ts';
import type { Connection } from '../../../../src/workers/connect.ts';
import type { WeightsWorker } from '../../../../src/workers/protocol.ts';
import { TINY, tinyWeights } from '../../../tiny-weights.ts';
import { download, EmulatedHub, ID, openWorker, tiny } from './emulated-hub.ts';

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
  await put('unknown-network', 'meta.json', meta.replaceAll(TINY, '__proto__'));
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

test('a disk that the browser calls full: the size is told, and more room lets it go on', async () => {
  const session = cdp() as unknown as { send(method: string, parameters: object): Promise<unknown> }; // untyped by vitest
  const { origin } = location;
  const { usage = 0 } = await navigator.storage.estimate();
  try {
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + 300_000 });
    const failed = download(worker, hub);
    await expect(failed).rejects.toMatchObject({ code: 'storage-full' });
    await expect(failed).rejects.toThrow(/These weights need .1\.\d. MB/);
  } finally {
    await session.send('Storage.overrideQuotaForOrigin', { origin });
  }
  // How much fits below a quota is the browser's affair: it reserves room in pieces of its own size.
  const kept = await worker.api.partial(ID);
  expect(await worker.api.listCached()).toEqual([]);
  await hub.set({});
  await download(worker, hub);
  expect(await hub.ranges()).toEqual([kept === 0 ? null : `bytes=${kept}-`]);
});

test('a disk that fills up on the way: what has come is kept, told, and continued from', async () => {
  const store = new MemoryStore();
  const append = store.append.bind(store);
  let room = 300_000;
  store.append = async (folder, name) => {
    const appender = await append(folder, name);
    const write = appender.write;
    appender.write = (bytes) => {
      // As a disk does, it takes what still fits; a busy machine hands over the whole body at once.
      const fits = bytes.subarray(0, Math.max(0, room - appender.size));
      write(fits);
      if (fits.length < bytes.length) throw new DOMException('full', 'QuotaExceededError');
    };
    return appender;
  };
  const cache = new WeightsCache(store);
  const settings = {
    bases: { hub: new URL(hub.url), origin: new URL(hub.url) },
    patience: usualPatience,
    signal: new AbortController().signal,
    report: () => {},
  };
  const failed = downloadTo(cache, tiny(), settings);
  await expect(failed).rejects.toMatchObject({ code: 'storage-full' });
  await expect(failed).rejects.toThrow(
    /need .1\.\d. MB, and the browser gives no more than .0\.\d. MB to them\. These are kept/,
  );
  const kept = await cache.partial(ID);
  expect(kept).toBeGreaterThan(0);
  room = Number.POSITIVE_INFINITY;
  await hub.set({});
  await downloadTo(cache, tiny(), settings);
  expect(await hub.ranges()).toEqual([`bytes=${kept}-`]);
});
