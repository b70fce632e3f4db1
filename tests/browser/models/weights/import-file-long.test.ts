import { afterEach, beforeEach, expect, test } from 'vitest';
import { tensorsOf } from '../../../../src/models/networks/network.ts';
import { type Connection, controlled } from '../../../../src/workers/connect.ts';
import type { DownloadProgress, WeightsWorker } from '../../../../src/workers/protocol.ts';
import { safetensors, TINY, tinyConfig, tinyWeights } from '../../../tiny-weights.ts';
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

/** Another preprocessing than the usual one. */
const other = { ...tinyConfig, pretrained_cfg: { ...tinyConfig.pretrained_cfg, crop_pct: 0.95 } };

const ids = async () => (await worker.api.listCached()).map(({ id }) => id);

test('a file alone: network by its tensors, usual preprocessing, named by its file', async () => {
  const seen: DownloadProgress[] = [];
  const file = new File([tinyWeights()], 'my tiny.safetensors');
  const cached = await drop(file, null, new AbortController().signal, (progress) => seen.push(progress));
  expect(cached).toMatchObject({
    id: 'my-tiny',
    architecture: TINY,
    preprocessing: { cropPct: 0.875, interpolation: 'bicubic' },
    bytes: file.size,
    from: 'the file my tiny.safetensors',
  });
  expect(seen.at(-1)).toEqual({ receivedBytes: file.size, totalBytes: file.size });
  expect(new Uint8Array(await (await worker.api.open('my-tiny')).arrayBuffer())).toEqual(tinyWeights());
});

test("with its config.json: that file's preprocessing", async () => {
  const cached = await drop(new File([tinyWeights()], 'model.safetensors'), other);
  expect(cached).toMatchObject({ id: `${TINY}.local`, preprocessing: { cropPct: 0.95 } });
});

test('the same file twice is cached once; another one of the same name gets a number', async () => {
  const first = await drop(new File([tinyWeights()], 'a.safetensors'));
  expect(await drop(new File([tinyWeights()], 'b.safetensors'))).toEqual(first);
  const changed = tinyWeights();
  changed[changed.length - 1] = 1;
  expect((await drop(new File([changed], 'a.safetensors'))).id).toBe('a-2');
  expect(await ids()).toEqual(['a', 'a-2']);
});

test('the same file with another preprocessing is another set of weights', async () => {
  await drop(new File([tinyWeights()], 'a.safetensors'));
  expect((await drop(new File([tinyWeights()], 'a.safetensors'), other)).id).toBe('a-2');
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

test.each<[string, Uint8Array<ArrayBuffer>, RegExp]>([
  [
    'a value that is not finite',
    changedTensor('conv_head.weight', 0x7f),
    /"conv_head\.weight" has values that are not finite/,
  ],
  [
    'weights that are all zero',
    changedTensor('blocks.3.1.conv_pw.weight', 0),
    /"blocks\.3\.1\.conv_pw\.weight" holds nothing but zeros/,
  ],
  ['negative variances', changedTensor('bn1.running_var', 0xbc), /"bn1\.running_var" holds negative variances/],
])('%s is refused while importing, by the name of its tensor', async (_, bytes, sentence) => {
  const dropped = drop(new File([bytes], 'a.safetensors'));
  await expect(dropped).rejects.toMatchObject({ code: 'weights-refused' });
  await expect(dropped).rejects.toThrow(sentence);
  expect(await ids()).toEqual([]);
});

/** The tiny weights, both bytes of every half of one tensor being this one. */
function changedTensor(name: string, byte: number): Uint8Array<ArrayBuffer> {
  const file = tinyWeights();
  const start = 8 + Number(new DataView(file.buffer).getBigUint64(0, true));
  const header: Record<string, { data_offsets: [number, number] }> = JSON.parse(
    new TextDecoder().decode(file.subarray(8, start)),
  );
  const [from = 0, to = 0] = header[name]?.data_offsets ?? [];
  return file.fill(byte, start + from, start + to);
}

test('cancelled, it leaves nothing', async () => {
  const controller = new AbortController();
  const file = new File([safetensors(new Map([...tensorsOf(TINY), ['head.weight', [20_000_000]]]))], 'big.safetensors');
  const dropped = drop(file, null, controller.signal, () => controller.abort());
  await expect(dropped).rejects.toMatchObject({ code: 'aborted' });
  expect(await ids()).toEqual([]);
  expect(await worker.api.partial('big')).toBe(0);
});
