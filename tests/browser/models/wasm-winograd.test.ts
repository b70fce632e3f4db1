import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/math/random.ts';
import { openEngine } from '../../../src/models/engines/engine.ts';
import type { Convolution } from '../../../src/models/engines/layers.ts';
import { plainLayers } from '../../../src/models/engines/plain-layers.ts';
import { networkTensors } from '../../../src/models/engines/tensors.ts';
import { winogradConvolution } from '../../../src/models/engines/wasm/convolution.ts';
import { openWasmKernels, wasmKernels } from '../../../src/models/engines/wasm/kernels.ts';
import { isWinograd } from '../../../src/models/engines/wasm/packed.ts';
import { relativeError } from './parity.ts';

const random = seededRandom(7);
const numbers = (length: number) => Float32Array.from({ length }, () => random.gaussian());

const convolution = (inputs: number, outputs: number, activation: Convolution['activation']): Convolution => ({
  ...{ filter: numbers(9 * inputs * outputs), bias: numbers(outputs), inputs, outputs, activation },
  ...{ kernel: 3, stride: 1, padding: 'symmetric', depthwise: false },
});

beforeAll(async () => {
  await openEngine('wasm');
});

describe.each(['best', 'plain'] as const)("Winograd's way, %s", (choice) => {
  beforeAll(() => openWasmKernels(choice));

  // Sides that tiles of 4 fill and do not, more tiles than are taken at a time, more channels than are transformed at a time.
  test.each([
    { side: [8, 8], inputs: 12, outputs: 16, activation: 'linear', residual: false },
    { side: [7, 7], inputs: 80, outputs: 8, activation: 'relu', residual: true },
    { side: [30, 33], inputs: 4, outputs: 72, activation: 'silu', residual: true },
    { side: [1, 2], inputs: 16, outputs: 8, activation: 'relu', residual: false },
    { side: [14, 14], inputs: 128, outputs: 136, activation: 'relu', residual: true },
  ] as const)('as TensorFlow.js convolves: %o', async ({ side, inputs, outputs, activation, residual }) => {
    const kernels = wasmKernels();
    if (!kernels) throw new Error('The kernels did not open.');
    const shape = convolution(inputs, outputs, activation);
    const x = numbers(2 * side[0] * side[1] * inputs);
    const added = residual ? numbers(2 * side[0] * side[1] * outputs) : null;
    const before = tf.memory().numTensors;
    const tensors = networkTensors();
    const ways = [
      winogradConvolution(tensors, kernels, shape),
      await plainLayers(tensors, () => {}).convolution(shape),
    ];
    const [found, expected] = ways.map((layer) => {
      const y = tf.tidy(() =>
        layer(tf.tensor4d(x, [2, ...side, inputs]), added ? tf.tensor4d(added, [2, ...side, outputs]) : undefined),
      );
      const data = Float32Array.from(y.dataSync());
      y.dispose();
      return data;
    });
    tensors.dispose();
    if (!found || !expected) throw new Error('There were to be two.');
    expect(relativeError(found, expected)).toBeLessThan(3e-6);
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('it is for 3 × 3 convolutions of stride 1 with ReLU and channels neither few nor many', () => {
  const usual = convolution(64, 64, 'relu');
  expect(isWinograd(usual)).toBe(true);
  const others: Partial<Convolution>[] = [
    { stride: 2 },
    { kernel: 5 },
    { padding: 'none' },
    { depthwise: true },
    { inputs: 3 },
    { activation: 'silu' },
    { outputs: 2048 },
  ];
  for (const other of others) expect(isWinograd({ ...usual, ...other })).toBe(false);
});
