import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BACKBONES } from '../../../../src/models/backbones.ts';
import { inEnglish } from '../../../../src/numerals.ts';
import type { Connection } from '../../../../src/workers/connect.ts';
import type { DownloadProgress, WeightsWorker } from '../../../../src/workers/protocol.ts';
import type { Faults } from '../../../hub-server.ts';
import { TINY, tinyWeights } from '../../../tiny-weights.ts';
import { download, EmulatedHub, ID, openWorker, tiny } from './emulated-hub.ts';

const whole = tinyWeights();
const HALF = 300_000;
/** Ascending: a connection that is cut before its answer begins is tried again by the browser itself. */
const CUTS = [200_000, 300_000, 400_000, 500_000];

let hub: EmulatedHub;
let worker: Connection<WeightsWorker>;

beforeEach(async () => {
  hub = new EmulatedHub();
  worker = openWorker(hub);
  for (const { id } of await worker.api.listCached()) await worker.api.remove(id);
  await worker.api.remove(ID);
});

afterEach(() => worker.close());

async function digest(blob: Blob): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function expectCached(): Promise<void> {
  const cached = await worker.api.open(ID);
  expect(await digest(cached)).toBe(await digest(new Blob([whole])));
  expect((await worker.api.listCached()).map(({ id }) => id)).toEqual([ID]);
  expect(await worker.api.partial(ID)).toBe(0);
}

async function expectNothing(): Promise<void> {
  expect(await worker.api.listCached()).toEqual([]);
  expect(await worker.api.partial(ID)).toBe(0);
  await expect(worker.api.open(ID)).rejects.toMatchObject({ code: 'weights-missing' });
}

describe('a download that comes to its end', () => {
  test('from the hub: redirected, verified, cached with its preprocessing', async () => {
    await hub.set({});
    const cached = await download(worker, hub);
    expect(cached).toMatchObject({
      id: ID,
      architecture: TINY,
      bytes: whole.length,
      sha256: await digest(new Blob([whole])),
      preprocessing: { size: 224, cropPct: 0.875, interpolation: 'bicubic' },
    });
    expect(cached.from).toContain(`timm/${ID} (main)`);
    await expectCached();
    const paths = (await hub.requests()).map(({ method, path }) => `${method} ${path}`);
    expect(paths).toEqual([
      `GET api/models/timm/${ID}/tree/main`,
      `GET timm/${ID}/resolve/main/config.json`,
      `GET timm/${ID}/resolve/main/model.safetensors`,
      'GET store/model.safetensors?signed=1',
    ]);
  });

  test('what is cached is not asked for again, also after a new start', async () => {
    await hub.set({});
    const first = await download(worker, hub);
    worker.close();
    worker = openWorker(hub);
    await hub.set({});
    expect(await download(worker, hub)).toEqual(first);
    expect(await hub.requests()).toEqual([]);
    await expectCached();
  });

  test("from the app's own origin, by its listing", async () => {
    await hub.set({});
    await download(worker, hub, tiny('origin'));
    await expectCached();
    expect((await hub.requests()).map(({ path }) => path)).toEqual([
      'models/index.json',
      `models/${ID}/config.json`,
      `models/${ID}/model.safetensors`,
    ]);
  });

  test.each<[string, Faults]>([
    ['without an LFS hash', { oid: 'none' }],
    ['without an announced length', { chunked: true }],
  ])('%s', async (_, faults) => {
    await hub.set(faults);
    await download(worker, hub);
    await expectCached();
  });

  test('progress counts up to the total, at most about five times a second', async () => {
    await hub.set({ pieceMs: 60 });
    const seen: DownloadProgress[] = [];
    const started = performance.now();
    await download(worker, hub, tiny(), new AbortController().signal, (progress) => seen.push(progress));
    const seconds = (performance.now() - started) / 1000;
    expect(seen.at(-1)).toEqual({ receivedBytes: whole.length, totalBytes: whole.length });
    expect(seen.map(({ receivedBytes }) => receivedBytes)).toEqual(
      seen.map(({ receivedBytes }) => receivedBytes).sort((a, b) => a - b),
    );
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.length).toBeLessThanOrEqual(seconds * 5 + 3);
  });
});

describe('a download that is continued', () => {
  test.each(['hub', 'origin'] as const)('after a cut: from the %s only the rest is asked for', async (origin) => {
    await hub.set({ cutAt: [HALF] });
    await download(worker, hub, tiny(origin));
    await expectCached();
    const [first, second, ...more] = await hub.ranges();
    expect([first, more]).toEqual([null, []]);
    const from = Number(/^bytes=(\d+)-$/.exec(second ?? '')?.[1]);
    expect(from).toBeGreaterThan(0);
    expect(from).toBeLessThanOrEqual(HALF);
  });

  test('If-Range guards the parts where no hash does, and is not sent where one does', async () => {
    await hub.set({ cutAt: [HALF] });
    await download(worker, hub, tiny('origin'));
    expect((await hub.requests()).at(-1)?.ifRange).toMatch(/^"[0-9a-f]{16}"$/);
    await worker.api.remove(ID);
    await hub.set({ cutAt: [HALF] });
    await download(worker, hub);
    expect((await hub.requests()).filter(({ ifRange, method }) => ifRange !== null || method === 'OPTIONS')).toEqual(
      [],
    );
  });

  test('after a server that stops sending', async () => {
    worker.close();
    worker = openWorker(hub, 3000);
    await hub.set({ stallAt: [HALF] });
    await download(worker, hub);
    await expectCached();
    expect((await hub.ranges()).map((range) => range !== null)).toEqual([false, true]);
  });

  test('after server errors', async () => {
    await hub.set({ status: [503, 429, 200] });
    await download(worker, hub);
    await expectCached();
  });

  test('a server without ranges is asked for the whole again', async () => {
    await hub.set({ cutAt: [HALF], noRange: true });
    await download(worker, hub);
    await expectCached();
    expect((await hub.ranges()).length).toBe(2);
  });

  test('after the worker died: only the rest', async () => {
    await hub.set({ cutAt: CUTS });
    await expect(download(worker, hub)).rejects.toMatchObject({ code: 'download-failed' });
    worker.close();
    worker = openWorker(hub);
    const kept = await worker.api.partial(ID);
    expect(kept).toBeGreaterThan(0);
    await hub.set({});
    await download(worker, hub);
    expect(await hub.ranges()).toEqual([`bytes=${kept}-`]);
    await expectCached();
  });

  test('what was kept of another version is given up for the whole', async () => {
    await hub.set({ body: 'another-version', cutAt: CUTS, oid: 'wrong' });
    await expect(download(worker, hub)).rejects.toMatchObject({ code: 'download-failed' });
    expect(await worker.api.partial(ID)).toBeGreaterThan(0);
    await hub.set({});
    await download(worker, hub);
    expect(await hub.ranges()).toEqual([null]);
    await expectCached();
  });

  test('what was kept and proves damaged is fetched again whole', async () => {
    await hub.set({ body: 'damaged', cutAt: CUTS });
    await expect(download(worker, hub)).rejects.toMatchObject({ code: 'download-failed' });
    const kept = await worker.api.partial(ID);
    await hub.set({});
    await download(worker, hub);
    expect(await hub.ranges()).toEqual([`bytes=${kept}-`, null]);
    await expectCached();
  });

  test('without a hash, another origin is asked for the whole: it may not know If-Range', async () => {
    await hub.set({ oid: 'none', cutAt: [HALF] });
    await download(worker, hub);
    expect(await hub.ranges()).toEqual([null, null]);
    await expectCached();
  });

  test('on the origin, a file that has changed since is answered whole (If-Range)', async () => {
    await hub.set({ body: 'another-version', cutAt: CUTS });
    await expect(download(worker, hub, tiny('origin'))).rejects.toMatchObject({ code: 'download-failed' });
    await hub.set({});
    await download(worker, hub, tiny('origin'));
    expect((await hub.ranges())[0]).toMatch(/^bytes=/);
    await expectCached();
  });

  test('a kept part that is longer than the file by now starts over (416)', async () => {
    await hub.set({ body: 'longer', chunked: true, sizeOff: 99 });
    await expect(download(worker, hub)).rejects.toMatchObject({ code: 'download-failed' });
    expect(await worker.api.partial(ID)).toBe(whole.length + 4);
    await hub.set({});
    await download(worker, hub);
    expect(await hub.ranges()).toEqual([`bytes=${whole.length + 4}-`, null]);
    await expectCached();
  });
});

describe('cancelling', () => {
  test('stops soon, keeps what has come, and the next download asks for the rest', async () => {
    await hub.set({ pieceMs: 120 });
    const controller = new AbortController();
    const started = download(worker, hub, tiny(), controller.signal, ({ receivedBytes }) => {
      if (receivedBytes > 100_000) controller.abort();
    });
    await expect(started).rejects.toMatchObject({ code: 'aborted' });
    const kept = await worker.api.partial(ID);
    expect(kept).toBeGreaterThan(100_000);
    expect(kept).toBeLessThan(whole.length);
    expect(await worker.api.listCached()).toEqual([]);
    await hub.set({});
    await download(worker, hub);
    expect(await hub.ranges()).toEqual([`bytes=${kept}-`]);
    await expectCached();
  });

  test('removing throws the kept part away; while a download runs it is refused', async () => {
    await hub.set({ stallAt: [HALF, HALF, HALF] });
    const controller = new AbortController();
    let come: (value: unknown) => void = () => {};
    const some = new Promise((resolve) => {
      come = resolve;
    });
    const running = download(worker, hub, tiny(), controller.signal, come);
    running.catch(() => {});
    await some;
    expect(await worker.api.listCached()).toEqual([]);
    await expect(worker.api.remove(ID)).rejects.toMatchObject({ code: 'storage-refused' });
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'aborted' });
    expect(await worker.api.partial(ID)).toBeGreaterThan(0);
    await worker.api.remove(ID);
    await expectNothing();
  });

  test('two downloads of the same weights ask once', async () => {
    await hub.set({ pieceMs: 20 });
    const other = openWorker(hub);
    const [a, b] = await Promise.all([download(worker, hub), download(other, hub)]);
    other.close();
    expect(a).toEqual(b);
    expect(await hub.ranges()).toEqual([null]);
    await expectCached();
  });
});

describe('what is refused and never cached', () => {
  test.each<[string, Faults, string, RegExp]>([
    ['a page of HTML', { body: 'html' }, 'weights-refused', /web page/],
    ['a page of HTML that calls itself binary', { body: 'html-as-binary' }, 'weights-refused', /web page/],
    ['an LFS pointer', { body: 'pointer' }, 'weights-refused', /LFS pointer/],
    ['a wrong hash', { oid: 'wrong' }, 'weights-refused', /SHA-256/],
    ['other bytes of the right length', { body: 'another-version' }, 'weights-refused', /SHA-256/],
    ['another length than listed', { sizeOff: 5 }, 'weights-refused', /bytes where its listing promises/],
    ['more bytes than listed', { body: 'longer', chunked: true }, 'weights-refused', /listing promises/],
    ['weights of no network here', { body: 'foreign' }, 'weights-mismatch', /of no network that Likeness has/],
    ['a config.json that is a page', { config: 'html' }, 'weights-refused', /web page in place of config\.json/],
    ['a config.json without an end', { config: 'endless' }, 'weights-refused', /more than 8 MB in place of config/],
    ['a config.json of another network', { config: 'foreign' }, 'weights-mismatch', /resnet50/],
    ['no config.json', { config: 'missing' }, 'download-failed', /does not have config\.json/],
    ['no file (404)', { status: [404] }, 'download-failed', /does not have model\.safetensors/],
    ['a refused file (403)', { status: [403] }, 'download-failed', /refuses model\.safetensors/],
    ['no repository', { treeStatus: 404 }, 'download-failed', /does not have/],
    ['an account wanted', { treeStatus: 401 }, 'download-failed', /account/],
    ['a hub that is down', { treeStatus: 500 }, 'download-failed', /error 500/],
    ['a store that is down', { status: [500] }, 'download-failed', /error 500/],
  ])('%s', async (_, faults, code, sentence) => {
    await hub.set(faults);
    const failed = download(worker, hub);
    await expect(failed).rejects.toMatchObject({ code });
    await expect(failed).rejects.toThrow(sentence);
    await expectNothing();
    await hub.set({});
    await download(worker, hub);
    await expectCached();
  });

  test('a file that is cut off on the app’s own server: nothing is kept to continue, and a whole one is asked for', async () => {
    await hub.set({ body: 'cut-off' });
    const failed = download(worker, hub, tiny('origin'));
    await expect(failed).rejects.toMatchObject({ code: 'weights-refused' });
    const sentence = await failed.catch((error: unknown) => inEnglish(String(error)));
    expect(sentence).toMatch(/the file is cut off: 300,000 of 1,\d{3},\d{3} bytes are there/);
    expect(sentence).toContain(
      `Put whole files into the folder models/${ID} of this page’s server, then download again.`,
    );
    await expectNothing();
    await hub.set({});
    await download(worker, hub, tiny('origin'));
    await expectCached();
  });

  test('a connection that is always cut fails after three attempts and says what is kept', async () => {
    await hub.set({ cutAt: CUTS });
    await expect(download(worker, hub)).rejects.toThrow(/connection was cut\. .0\.4. MB are kept; try again/);
    expect((await hub.ranges()).length).toBe(3);
    expect(await worker.api.listCached()).toEqual([]);
  });

  test('a server that does not exist', async () => {
    const nowhere = { ...hub, url: 'http://127.0.0.1:9/' };
    const failed = download(worker, Object.assign(new EmulatedHub(), nowhere), tiny('origin'));
    await expect(failed).rejects.toMatchObject({ code: 'download-failed' });
    await expect(failed).rejects.toThrow(/could not be reached/);
  });
});

describe('listing the origin', () => {
  test('what is known here is listed, all else is ignored', async () => {
    await hub.set({});
    const listed = await worker.api.listOrigin(hub.url);
    const builtIn = BACKBONES.find(({ id }) => id === 'deit_tiny_patch16_224.fb_in1k');
    expect(listed).toMatchObject([
      { ...tiny('origin'), bytes: whole.length, licence: null, repository: null, revision: null },
      { ...builtIn, bytes: 22, origin: 'origin' },
      { id: 'resnet50.mine', architecture: 'resnet50', label: 'ResNet-50', features: 2048, bytes: 1, origin: 'origin' },
    ]);
    expect(listed.length).toBe(3);
  });

  test.each(['missing', 'html'] as const)('a host whose listing is %s lists nothing', async (fault) => {
    await hub.set({ listing: fault });
    expect(await worker.api.listOrigin(hub.url)).toEqual([]);
  });
});
