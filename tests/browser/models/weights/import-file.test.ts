import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Connection, controlled } from '../../../../src/workers/connect.ts';
import type { DownloadProgress, WeightsWorker } from '../../../../src/workers/protocol.ts';
import { safetensors, tinyConfig, tinyWeights } from '../../../tiny-weights.ts';
import { EmulatedHub, openWorker } from './emulated-hub.ts';

let worker: Connection<WeightsWorker>;

beforeEach(async () => {
  worker = openWorker(new EmulatedHub());
  for (const { id } of await worker.api.listCached()) await worker.api.remove(id);
});

afterEach(() => worker.close());

function drop(
  file: File,
  config: unknown = null,
  signal = new AbortController().signal,
  onProgress: (progress: DownloadProgress) => void = () => {},
) {
  const blob = config === null ? null : new Blob([typeof config === 'string' ? config : JSON.stringify(config)]);
  return controlled<DownloadProgress, Awaited<ReturnType<WeightsWorker['importFile']>>>(signal, onProgress, (control) =>
    worker.api.importFile(file, blob, control),
  );
}

const ids = async () => (await worker.api.listCached()).map(({ id }) => id);

test('a file alone: network by its tensors, usual preprocessing, named by its file', async () => {
  const seen: DownloadProgress[] = [];
  const file = new File([tinyWeights()], 'my tiny.safetensors');
  const cached = await drop(file, null, new AbortController().signal, (progress) => seen.push(progress));
  expect(cached).toMatchObject({
    id: 'my-tiny',
    architecture: 'deit_tiny_patch16_224',
    preprocessing: { cropPct: 0.9, interpolation: 'bicubic' },
    bytes: file.size,
    from: 'the file my tiny.safetensors',
  });
  expect(seen.at(-1)).toEqual({ receivedBytes: file.size, totalBytes: file.size });
  expect(new Uint8Array(await (await worker.api.open('my-tiny')).arrayBuffer())).toEqual(tinyWeights());
});

test("with its config.json: that file's preprocessing", async () => {
  const cached = await drop(new File([tinyWeights()], 'model.safetensors'), tinyConfig);
  expect(cached).toMatchObject({ id: 'deit_tiny_patch16_224.local', preprocessing: { cropPct: 0.875 } });
});

test('the same file twice is cached once; another one of the same name gets a number', async () => {
  const first = await drop(new File([tinyWeights()], 'a.safetensors'));
  expect(await drop(new File([tinyWeights()], 'b.safetensors'))).toEqual(first);
  const other = tinyWeights();
  other[other.length - 1] = 1;
  expect((await drop(new File([other], 'a.safetensors'))).id).toBe('a-2');
  expect(await ids()).toEqual(['a', 'a-2']);
});

test('the same file with another preprocessing is another set of weights', async () => {
  await drop(new File([tinyWeights()], 'a.safetensors'));
  expect((await drop(new File([tinyWeights()], 'a.safetensors'), tinyConfig)).id).toBe('a-2');
});

test("a built-in's name is not given to weights of another network", async () => {
  expect((await drop(new File([tinyWeights()], 'resnet50.tv_in1k.safetensors'))).id).toBe('resnet50.tv_in1k-2');
});

test.each<[string, File, unknown, string]>([
  ['a photo', new File([new Uint8Array(5000).fill(0xff)], 'cat.safetensors'), null, 'weights-refused'],
  ['an empty file', new File([], 'model.safetensors'), null, 'weights-refused'],
  ['a cut file', new File([tinyWeights().subarray(0, 300_000)], 'model.safetensors'), null, 'weights-refused'],
  ['no network here', new File([safetensors({ a: [3] })], 'a.safetensors'), null, 'weights-mismatch'],
  ['config.json of another network', new File([tinyWeights()], 'a.safetensors'), 'resnet', 'weights-mismatch'],
  ['config.json of megabytes', new File([tinyWeights()], 'a.safetensors'), ' '.repeat(2 ** 21), 'weights-refused'],
  ['config.json that is not JSON', new File([tinyWeights()], 'a.safetensors'), '{"architecture"', 'weights-refused'],
])('%s is refused and nothing is cached', async (_, file, config, code) => {
  const given = config === 'resnet' ? { ...tinyConfig, architecture: 'resnet50' } : config;
  await expect(drop(file, given)).rejects.toMatchObject({ code });
  expect(await ids()).toEqual([]);
});

test('cancelled, it leaves nothing', async () => {
  const controller = new AbortController();
  const file = new File([safetensors({ ...shapes(), padding: [20_000_000] })], 'big.safetensors');
  const dropped = drop(file, null, controller.signal, () => controller.abort());
  await expect(dropped).rejects.toMatchObject({ code: 'aborted' });
  expect(await ids()).toEqual([]);
  expect(await worker.api.partial('big')).toBe(0);
});

function shapes(): Record<string, readonly number[]> {
  return {
    'blocks.11.attn.qkv.weight': [576, 192],
    'patch_embed.proj.weight': [192, 3, 16, 16],
    pos_embed: [1, 197, 192],
  };
}
