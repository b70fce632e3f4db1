import * as tf from '@tensorflow/tfjs';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { afterEach, expect, test, vi } from 'vitest';
import { openEngine } from '../../../src/models/engines/engine.ts';
import { loadBackbone, loadExtractor } from '../../../src/models/extractor.ts';
import { parametersOf, tensorsOf } from '../../../src/models/networks/network.ts';
import { ARCHITECTURES } from '../../../src/models/specs/architectures.ts';
import { formulaFileOf, formulaSource } from '../../formula.ts';

const TINY = 'deit_tiny_patch16_224';
const LARGE = 'vit_base_patch16_224';
const file = formulaFileOf(tensorsOf(TINY));

afterEach(() => {
  vi.restoreAllMocks();
});

async function onWebgpu() {
  const engine = await openEngine('webgpu');
  const backend = tf.backend();
  if (!(backend instanceof WebGPUBackend)) throw new Error('Not on WebGPU.');
  return { engine, backend };
}

const load = (engine: Awaited<ReturnType<typeof openEngine>>) =>
  loadExtractor(engine, TINY, file, ARCHITECTURES[TINY].preprocessing, 1);

test('on WebGPU the weights go to the card while they are read, and no copy stays behind', async () => {
  const { engine, backend } = await onWebgpu();
  const uploads = vi.spyOn(backend, 'uploadToGPU');
  const extractor = await load(engine);
  let [sent, kept] = [0, 0];
  for (const dataId of new Set(uploads.mock.calls.map(([each]) => each))) {
    // Kernels test themselves while a network loads, with tensors that are gone by now.
    if (!Reflect.get(backend, 'tensorMap').has(dataId)) continue;
    const { shape, values } = Reflect.get(backend, 'tensorMap').get(dataId);
    sent += 4 * tf.util.sizeFromShape(shape);
    if (values !== null) kept++;
  }
  expect(kept).toBe(0);
  // Norms are folded into what follows: a little less than there are parameters.
  expect(sent).toBeGreaterThan(0.98 * 4 * parametersOf(TINY));
  expect(sent).toBeGreaterThan(0.98 * engine.memory().numBytes);
  extractor.dispose();
});

test('a card that refuses the weights fails while they are loaded, and nothing stays on it', async () => {
  const { engine, backend } = await onWebgpu();
  const { device } = backend;
  const { maxTextureDimension2D: side, maxTextureArrayLayers: layers } = device.limits;
  const before = tf.memory().numTensors;
  vi.spyOn(backend, 'uploadToGPU').mockImplementationOnce(() => {
    device.createTexture({ size: [side, side, layers], format: 'rgba32float', usage: GPUTextureUsage.COPY_DST });
  });
  await expect(load(engine)).rejects.toMatchObject({ code: 'engine-memory' });
  expect(tf.memory().numTensors).toBe(before);
});

test('on WASM a network of 343 MB lies in memory once', async () => {
  await openEngine('wasm');
  const heap = (): number => Reflect.get(tf.backend(), 'wasm').HEAPU8.byteLength;
  const before = heap();
  const backbone = await loadBackbone(LARGE, formulaSource(tensorsOf(LARGE)), 224);
  const [bytes, grown] = [4 * parametersOf(LARGE), heap() - before];
  console.log(`${LARGE}: ${Math.round(bytes / 1e6)} MB of parameters, the heap grew by ${Math.round(grown / 1e6)} MB`);
  // WASM memory grows by a fifth at a time.
  expect(grown).toBeLessThan(1.25 * bytes);
  backbone.dispose();
});
