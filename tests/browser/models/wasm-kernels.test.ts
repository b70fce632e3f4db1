import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/math/random.ts';
import { openEngine } from '../../../src/models/engines/engine.ts';
import type { Activation } from '../../../src/models/engines/layers.ts';
import { networkTensors } from '../../../src/models/engines/tensors.ts';
import { implicitGemm } from '../../../src/models/engines/wasm/convolution.ts';
import {
  type Ending,
  openWasmKernels,
  type WasmKernels,
  wasmKernels,
} from '../../../src/models/engines/wasm/kernels.ts';
import { packed } from '../../../src/models/engines/wasm/packed.ts';
import { exactGelu } from '../../../src/models/engines/webgpu/exact.ts';
import { relativeError } from './parity.ts';

const random = seededRandom(3);
const numbers = (length: number) => Float32Array.from({ length }, () => random.gaussian());

beforeAll(async () => {
  await openEngine('wasm');
});

function kernels(): WasmKernels {
  const opened = wasmKernels();
  if (!opened) throw new Error('The kernels did not open.');
  return opened;
}

/** Runs in a tidy and gives the numbers. */
async function values(compute: () => tf.Tensor): Promise<Float32Array> {
  const tensor = tf.tidy(compute);
  const data = Float32Array.from(await tensor.data());
  tensor.dispose();
  return data;
}

/** What a product that is 0 ends with where its bias is x, a multiple of 8 numbers. */
function endedBy(activation: Ending, x: Float32Array): Promise<Float32Array> {
  return values(() => {
    const [weights, bias] = [tf.tensor1d(packed(new Float32Array(x.length), x.length)), tf.tensor1d(x)];
    const shape = [1, x.length];
    return kernels().multiply({ x: tf.tensor2d([[0]]), packed: weights, bias, shape, inputs: 1, activation });
  });
}

const exactly: Readonly<Record<Exclude<Activation, 'linear'>, (x: number) => number>> = {
  relu: (x) => Math.max(0, x),
  silu: (x) => x / (1 + Math.exp(-x)),
  gelu: exactGelu,
  'hard-swish': (x) => (x * Math.min(6, Math.max(0, x + 3))) / 6,
};

describe.each(['best', 'plain'] as const)('the kernels, %s', (choice) => {
  beforeAll(() => openWasmKernels(choice));

  test.each(['relu', 'silu', 'gelu', 'hard-swish'] as const)(
    '%s is exact to 4e-7 of |x|, and keeps NaN',
    async (activation) => {
      // To ±20 by small steps, and to ±100.
      const x = Float32Array.from({ length: 8400 }, (_, i) => (i < 8000 ? (i - 4000) / 200 : (i - 8200) / 2));
      const found = await values(() => {
        const tensor = tf.tensor1d(x);
        kernels().activate(tensor, activation);
        return tensor;
      });
      const errors = x.map((value, i) => Math.abs((found[i] ?? Number.NaN) - exactly[activation](value)));
      expect(Math.max(...errors.map((error, i) => error / Math.max(1, Math.abs(x[i] ?? 0))))).toBeLessThan(4e-7);
      const broken = await values(() => {
        const tensor = tf.tensor1d([Number.NaN, 1, 2, 3]);
        kernels().activate(tensor, activation);
        return tensor;
      });
      expect(broken[0]).toBeNaN();
      expect(broken[1]).toBeCloseTo(exactly[activation](1), 6);
    },
  );

  test('gates are exact to 4e-7', async () => {
    const x = Float32Array.from({ length: 4000 }, (_, i) => (i - 2000) / 20);
    const found = await endedBy('sigmoid', x);
    expect(
      Math.max(...x.map((value, i) => Math.abs((found[i] ?? Number.NaN) - 1 / (1 + Math.exp(-value))))),
    ).toBeLessThan(4e-7);
  });

  test('far below 0, what silu and gelu give is no subnormal number, nor is it times a gate', async () => {
    const x = Float32Array.from({ length: 4000 }, (_, i) => -i);
    const [gates, silu, gelu] = [await endedBy('sigmoid', x), await endedBy('silu', x), await endedBy('gelu', x)];
    const gated = silu.map((value, i) => value * (gates[i] ?? 0));
    for (const found of [gates, silu, gelu, gated]) {
      expect(found.filter((value) => value !== 0 && Math.abs(value) < 2 ** -126)).toEqual(new Float32Array());
      expect(found.subarray(1).some((value) => value === 0)).toBe(false);
    }
  });

  // More inputs than 768 are taken in runs, 300 rows in two blocks, 56 outputs in two groups.
  test.each([
    ...[1, 5, 6, 7, 197].map((rows) => [rows, 19, 24, 'relu'] as const),
    ...[768, 769, 1537, 3072].map((inputs) => [7, inputs, 24, 'relu'] as const),
    ...(['linear', 'silu'] as const).map((activation) => [300, 1537, 56, activation] as const),
  ])(
    '%i rows of %i inputs times a matrix of %i, with bias and residual, %s',
    async (rows, inputs, outputs, activation) => {
      const [x, w, bias, residual] = [
        numbers(rows * inputs),
        numbers(inputs * outputs),
        numbers(outputs),
        numbers(rows * outputs),
      ];
      const found = await values(() =>
        kernels().multiply({
          x: tf.tensor2d(x, [rows, inputs]),
          packed: tf.tensor1d(packed(w, outputs)),
          bias: tf.tensor1d(bias),
          residual: tf.tensor2d(residual, [rows, outputs]),
          shape: [rows, outputs],
          inputs,
          activation,
        }),
      );
      const expected = Float32Array.from({ length: rows * outputs }, (_, at) => {
        const [row, o] = [Math.floor(at / outputs), at % outputs];
        let sum = (bias[o] ?? 0) + (residual[at] ?? 0);
        for (let i = 0; i < inputs; i++) sum += (x[row * inputs + i] ?? 0) * (w[i * outputs + o] ?? 0);
        return activation === 'linear' ? sum : exactly[activation](sum);
      });
      expect(relativeError(found, expected)).toBeLessThan(2 ** -24 * Math.sqrt(inputs));
    },
  );

  test.each([
    { inputs: 3, kernel: 7, stride: 2, padding: 'symmetric', side: 15 },
    { inputs: 3, kernel: 3, stride: 2, padding: 'same', side: 14 },
    { inputs: 16, kernel: 3, stride: 2, padding: 'same', side: 14 },
    { inputs: 16, kernel: 3, stride: 2, padding: 'same', side: 15 },
    { inputs: 16, kernel: 3, stride: 1, padding: 'symmetric', side: 7 },
    { inputs: 96, kernel: 3, stride: 2, padding: 'symmetric', side: 7 },
    { inputs: 300, kernel: 3, stride: 2, padding: 'symmetric', side: 5 },
    { inputs: 800, kernel: 3, stride: 2, padding: 'symmetric', side: 5 },
    { inputs: 16, kernel: 1, stride: 2, padding: 'symmetric', side: 8 },
    { inputs: 1600, kernel: 1, stride: 2, padding: 'symmetric', side: 8 },
    { inputs: 16, kernel: 1, stride: 1, padding: 'symmetric', side: 5 },
  ] as const)('a convolution as TensorFlow.js computes it: %o', async ({ inputs, kernel, stride, padding, side }) => {
    const outputs = 8;
    const [x, filter, bias] = [
      numbers(2 * side * side * inputs),
      numbers(kernel * kernel * inputs * outputs),
      numbers(outputs),
    ];
    const before = tf.memory().numTensors;
    const tensors = networkTensors();
    const layer = implicitGemm(tensors, kernels(), {
      ...{ filter, bias, inputs, outputs, kernel, stride, padding, depthwise: false, activation: 'linear' },
    });
    const found = await values(() => layer(tf.tensor4d(x, [2, side, side, inputs])));
    const expected = await values(() => {
      const input = tf.tensor4d(x, [2, side, side, inputs]);
      const pad = padding === 'same' ? 'same' : (kernel - 1) / 2;
      return tf.add(
        tf.conv2d(input, tf.tensor4d(filter, [kernel, kernel, inputs, outputs]), stride, pad),
        tf.tensor1d(bias),
      );
    });
    tensors.dispose();
    expect(relativeError(found, expected)).toBeLessThan(1e-6);
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each([
    { tokens: 197, asking: 197 },
    { tokens: 197, asking: 1 },
    // What the values are multiplied with is taken in runs.
    { tokens: 800, asking: 7 },
  ])('attention of $asking of $tokens tokens, two images', async ({ tokens, asking }) => {
    const [width, depth] = [128, 64];
    const qkv = numbers(2 * tokens * 3 * width);
    const found = await values(() => kernels().attend(tf.tensor3d(qkv, [2, tokens, 3 * width]), asking, width, depth));
    const expected = await values(() => {
      const parts = tf.transpose(tf.tensor(qkv, [2, tokens, 3, width / depth, depth]), [2, 0, 3, 1, 4]);
      const [q, k, v] = tf.unstack(parts);
      if (!q || !k || !v) throw new Error('Three parts were expected.');
      const scores = tf.softmax(tf.matMul(q.slice([0, 0, 0, 0], [-1, -1, asking, -1]), k, false, true));
      return tf.reshape(tf.transpose(tf.matMul(scores, v), [0, 2, 1, 3]), [2, asking, width]);
    });
    expect(relativeError(found, expected)).toBeLessThan(5e-6);
  });

  test('rows get mean 0 and variance 1', async () => {
    const x = numbers(5 * 192).map((value) => 3 * value + 7);
    const found = await values(() => kernels().layerNorm(tf.tensor3d(x, [1, 5, 192]), 1e-6));
    const expected = x.map((value, i) => {
      const row = x.subarray(192 * Math.floor(i / 192), 192 * Math.floor(i / 192) + 192);
      const mean = row.reduce((sum, one) => sum + one, 0) / 192;
      const variance = row.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 192;
      return (value - mean) / Math.sqrt(variance + 1e-6);
    });
    expect(relativeError(found, expected)).toBeLessThan(2e-6);
  });

  // Four pixels are taken at a time; 25 leave one.
  test.each([4, 5])('bytes become normalised numbers, images of a side of %i', async (side) => {
    const shape: [number, number, number, number] = [1, side, side, 3];
    const pixels = Uint8Array.from({ length: 3 * side * side }, (_, i) => (i * 37) % 256);
    const [scale, shift] = [[0.5, 0.25, 2] as const, [-1, 3, 0.125] as const];
    const before = tf.memory().numTensors;
    const found = await values(() => kernels().normalise(pixels, shape, scale, shift));
    expect([...found]).toEqual([...pixels].map((value, i) => value * (scale[i % 3] ?? 0) + (shift[i % 3] ?? 0)));
    expect(tf.memory().numTensors).toBe(before);
  });

  test('channels are scaled image by image', async () => {
    const [x, gates] = [numbers(2 * 9 * 12), numbers(2 * 12)];
    const found = await values(() => {
      const scaled = tf.tensor4d(x, [2, 3, 3, 12]);
      kernels().scale(scaled, tf.tensor2d(gates, [2, 12]));
      return scaled;
    });
    const expected = x.map((value, i) => value * (gates[12 * Math.floor(i / 108) + (i % 12)] ?? 0));
    expect(found).toEqual(expected);
  });
});
