import * as tf from '@tensorflow/tfjs';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { afterEach, expect, test, vi } from 'vitest';
import { openEngine, selfTest } from '../../../src/models/engines/engine.ts';
import { probeWebgpu } from '../../../src/models/engines/webgpu/adapter.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

test('WASM runs on one thread and computes right', async () => {
  const engine = await openEngine('wasm');
  expect(engine).toMatchObject({ kind: 'wasm', adapter: null });
  expect(tf.getBackend()).toBe('wasm');
  expect(engine.memory().numTensors).toBe(tf.memory().numTensors);
});

test('an engine that computes wrong numbers is refused', async () => {
  await openEngine('wasm');
  const before = tf.memory().numTensors;
  const kernel = tf.getKernel('FusedConv2D', 'wasm');
  tf.unregisterKernel('FusedConv2D', 'wasm');
  // A driver that forgets the activation.
  tf.registerKernel({
    ...kernel,
    kernelFunc: (call) => kernel.kernelFunc({ ...call, attrs: { ...call.attrs, activation: 'linear' } }),
  });
  try {
    await expect(selfTest()).rejects.toMatchObject({ code: 'engine-unavailable' });
  } finally {
    tf.unregisterKernel('FusedConv2D', 'wasm');
    tf.registerKernel(kernel);
  }
  await selfTest();
  expect(tf.memory().numTensors).toBe(before);
});

test('without an adapter, WebGPU is unavailable and says so', async () => {
  vi.spyOn(navigator.gpu, 'requestAdapter').mockResolvedValue(null);
  await expect(openEngine('webgpu')).rejects.toMatchObject({
    code: 'engine-unavailable',
    message: 'The browser found no graphics adapter for WebGPU.',
  });
});

test('memory that the device refuses is found while it computes, and what is asked for afterwards is computed', async () => {
  const engine = await openEngine('webgpu');
  const backend = tf.backend();
  if (!(backend instanceof WebGPUBackend)) throw new Error('Not on WebGPU.');
  const { device } = backend;
  const { maxTextureDimension2D: side, maxTextureArrayLayers: layers } = device.limits;
  const product = async (): Promise<Float32Array | Int32Array | Uint8Array> => {
    const output = tf.tidy(() => tf.matMul(tf.ones([8, 16]), tf.ones([16, 4])));
    const numbers = await output.data();
    output.dispose();
    return numbers;
  };
  const greedy = engine.checked(async () => {
    // The largest texture of the largest format: hundreds of gigabytes. It is the browser that refuses, by its scopes.
    device.createTexture({ size: [side, side, layers], format: 'rgba32float', usage: GPUTextureUsage.COPY_DST });
    return product();
  });
  await expect(greedy).rejects.toMatchObject({ code: 'engine-memory', message: expect.stringContaining('memory') });
  expect(new Set(await engine.checked(product))).toEqual(new Set([16]));
});

test('a software adapter is named, and a lost device is told', async () => {
  const { adapter, software, reason } = await probeWebgpu();
  expect(adapter).toMatch(/swiftshader/i);
  expect(software).toBe(true);
  expect(reason).toContain(adapter);
  const engine = await openEngine('webgpu');
  expect(engine).toMatchObject({ kind: 'webgpu', adapter });
  const backend = tf.backend();
  if (!(backend instanceof WebGPUBackend)) throw new Error('Not on WebGPU.');
  backend.device.destroy();
  await expect(engine.lost).rejects.toMatchObject({ code: 'engine-lost' });
});
