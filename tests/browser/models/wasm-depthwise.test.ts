import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/math/random.ts';
import { openEngine } from '../../../src/models/engines/engine.ts';
import type { Convolution, SqueezeExcite } from '../../../src/models/engines/layers.ts';
import { plainLayers } from '../../../src/models/engines/plain-layers.ts';
import { networkTensors } from '../../../src/models/engines/tensors.ts';
import { openWasmKernels, wasmKernels } from '../../../src/models/engines/wasm/kernels.ts';
import { wasmLayers } from '../../../src/models/engines/wasm/layers.ts';
import { relativeError } from './parity.ts';

const random = seededRandom(5);
const numbers = (length: number) => Float32Array.from({ length }, () => random.gaussian());

beforeAll(async () => {
  await openEngine('wasm');
});

/** The same layer of our kernels and of TensorFlow.js's, on two images. */
async function both(
  make: (layers: ReturnType<typeof plainLayers>) => Promise<(x: tf.Tensor) => tf.Tensor>,
  height: number,
  width: number,
  channels: number,
): Promise<{ found: Float32Array; expected: Float32Array }> {
  const kernels = wasmKernels();
  if (!kernels) throw new Error('The kernels did not open.');
  const x = numbers(2 * height * width * channels);
  const before = tf.memory().numTensors;
  const tensors = networkTensors();
  const run = async (layers: ReturnType<typeof plainLayers>) => {
    const layer = await make(layers);
    const y = tf.tidy(() => layer(tf.tensor4d(x, [2, height, width, channels])));
    const data = Float32Array.from(await y.data());
    y.dispose();
    return data;
  };
  const found = await run(wasmLayers(tensors, () => {}, kernels));
  const expected = await run(plainLayers(tensors, () => {}));
  tensors.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return { found, expected };
}

const depthwise = (channels: number, kernel: number, rest: Partial<Convolution>): Convolution => ({
  ...{ filter: numbers(kernel * kernel * channels), bias: numbers(channels), inputs: channels, outputs: channels },
  ...{ kernel, stride: 1, padding: 'symmetric', depthwise: true, activation: 'linear' },
  ...rest,
});

describe.each(['best', 'plain'] as const)('depthwise by the kernels, %s', (choice) => {
  beforeAll(() => openWasmKernels(choice));

  // 136 channels are a group and a part of one; rows of 7, fewer and more.
  test.each([
    { channels: 8, kernel: 3, height: 7, width: 7, rest: { activation: 'relu' } },
    { channels: 12, kernel: 3, height: 5, width: 16, rest: { activation: 'hard-swish' } },
    { channels: 136, kernel: 3, height: 9, width: 8, rest: { stride: 2 } },
    { channels: 20, kernel: 3, height: 14, width: 14, rest: { stride: 2, padding: 'same', activation: 'silu' } },
    { channels: 20, kernel: 5, height: 15, width: 13, rest: { stride: 2, padding: 'same' } },
    { channels: 16, kernel: 5, height: 6, width: 23, rest: { activation: 'gelu' } },
    { channels: 32, kernel: 7, height: 7, width: 7, rest: {} },
    { channels: 4, kernel: 7, height: 3, width: 2, rest: {} },
    { channels: 24, kernel: 3, height: 9, width: 10, rest: { padding: 'none' } },
  ] as const)('as TensorFlow.js convolves: %o', async ({ channels, kernel, height, width, rest }) => {
    const shape = depthwise(channels, kernel, rest);
    const { found, expected } = await both((layers) => layers.convolution(shape), height, width, channels);
    expect(relativeError(found, expected)).toBeLessThan(1e-6);
  });

  test.each([
    { channels: 40, reduced: 10, gate: 'sigmoid', activation: 'silu' },
    { channels: 72, reduced: 24, gate: 'clip', activation: 'relu' },
    { channels: 136, reduced: 4, gate: 'sigmoid', activation: 'silu' },
  ] as const)('with squeeze-and-excitation behind it: %o', async ({ channels, reduced, gate, activation }) => {
    const squeeze: SqueezeExcite = {
      convolution: depthwise(channels, 3, { activation: 'silu' }),
      reduce: { kernel: numbers(channels * reduced), bias: numbers(reduced), activation },
      expand: { kernel: numbers(reduced * channels), bias: numbers(channels), activation: 'linear' },
      gate,
    };
    const { found, expected } = await both((layers) => layers.squeezeExcite(squeeze), 10, 9, channels);
    expect(relativeError(found, expected)).toBeLessThan(2e-6);
  });

  test('a number that is none stays none', async () => {
    const shape = depthwise(8, 3, { activation: 'silu', bias: new Float32Array(8).fill(Number.NaN) });
    const { found } = await both((layers) => layers.convolution(shape), 3, 3, 8);
    expect(found.every(Number.isNaN)).toBe(true);
  });
});
