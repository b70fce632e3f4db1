import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { seededRandom } from '../../../src/math/random.ts';
import { openEngine } from '../../../src/models/engines/engine.ts';
import { exactAttention, exactGelu, exactLayerNorm } from '../../../src/models/engines/webgpu/exact.ts';
import { type WebgpuKernels, webgpuKernels } from '../../../src/models/engines/webgpu/kernels.ts';

const EPSILON = 1e-6;
const DEPTH = 64;
const random = seededRandom(5);
const numbers = (length: number, scale = 1) => Float32Array.from({ length }, () => scale * random.gaussian());

beforeAll(async () => {
  await openEngine('webgpu');
});

function kernels(): WebgpuKernels {
  const found = webgpuKernels();
  if (!found) throw new Error('The kernels are not registered.');
  return found;
}

/** Runs in a tidy and gives the numbers; no tensor may be left. */
async function values(compute: () => tf.Tensor): Promise<Float32Array> {
  const before = tf.memory().numTensors;
  const tensor = tf.tidy(compute);
  const data = Float32Array.from(await tensor.data());
  tensor.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return data;
}

/** ‖found − expected‖ / ‖expected‖ of the worst row. */
function worstRow(found: Float32Array, expected: Float64Array, width: number): number {
  expect(found.length).toBe(expected.length);
  let worst = 0;
  for (let begin = 0; begin < expected.length; begin += width) {
    const row = expected.subarray(begin, begin + width);
    const error = Math.hypot(...row.map((value, i) => (found[begin + i] ?? Number.NaN) - value));
    worst = Math.max(worst, error / Math.hypot(...row));
  }
  return worst;
}

test('on WASM there are none, and each is one dispatch', async () => {
  const x = tf.tensor3d(numbers(2 * 3 * 192), [2, 3, 192]);
  const qkv = tf.tensor3d(numbers(2 * 3 * 192), [2, 3, 192]);
  const profile = await tf.profile(() => {
    const { gelu, layerNorm, attend } = kernels();
    return [gelu(x), layerNorm(x, EPSILON), attend(qkv, 3, 64, DEPTH)];
  });
  // A reshape is another view of the same buffer: nothing is dispatched for it.
  const dispatched = profile.kernels.map(({ name }) => name).filter((name) => name !== 'Reshape');
  expect(dispatched).toEqual(['LikenessGelu', 'LikenessLayerNorm', 'LikenessAttention']);
  tf.dispose([x, qkv, profile.result]);
  await openEngine('wasm');
  expect(webgpuKernels()).toBeNull();
  await openEngine('webgpu');
  expect(webgpuKernels()).not.toBeNull();
});

describe('layer norm', () => {
  test.each([
    { shape: [1, 197, 768], mean: 0 },
    { shape: [3, 197, 192], mean: 0 },
    { shape: [3, 1, 768], mean: 7 },
    { shape: [1, 5, 192], mean: 1000 },
    { shape: [2, 3, 68], mean: -2 },
  ] as const)('%o', async ({ shape, mean }) => {
    const x = numbers(shape[0] * shape[1] * shape[2], 3).map((value) => value + mean);
    const found = await values(() => kernels().layerNorm(tf.tensor3d(x, [...shape]), EPSILON));
    expect(worstRow(found, exactLayerNorm(x, shape[2], EPSILON), shape[2])).toBeLessThan(1e-6);
  });

  test('more rows than a dispatch has workgroups', async () => {
    const limit = vi
      .spyOn(GPUSupportedLimits.prototype, 'maxComputeWorkgroupsPerDimension', 'get')
      .mockReturnValue(100);
    const x = numbers(250 * 192);
    const found = await values(() => kernels().layerNorm(tf.tensor3d(x, [1, 250, 192]), EPSILON));
    expect(limit).toHaveBeenCalled();
    limit.mockRestore();
    expect(worstRow(found, exactLayerNorm(x, 192, EPSILON), 192)).toBeLessThan(1e-6);
  });

  test.each([192, 768])('a constant row of %i becomes zero, whatever its size', async (width) => {
    const constants = [0, 1, -0.1, 1234.567, 3.3e7];
    const x = Float32Array.from({ length: constants.length * width }, (_, i) => constants[Math.floor(i / width)] ?? 0);
    const found = await values(() => kernels().layerNorm(tf.tensor3d(x, [1, constants.length, width]), EPSILON));
    expect(Math.max(...found.map(Math.abs))).toBeLessThan(1e-5);
  });
});

test.each([40_000, 8001])('GELU of %i numbers is exact to 4e-7 of |x|', async (length) => {
  const x = Float32Array.from({ length }, (_, i) => (40 * (i - length / 2)) / length);
  const found = await values(() => kernels().gelu(tf.tensor3d(x, [1, 1, length])));
  const errors = Array.from(x, (value, i) => Math.abs((found[i] ?? Number.NaN) - exactGelu(value)));
  expect(Math.max(...errors.map((error, i) => error / Math.max(1, Math.abs(x[i] ?? 0))))).toBeLessThan(4e-7);
  const mean = errors.reduce((sum, _, i) => sum + (found[i] ?? 0) - exactGelu(x[i] ?? 0), 0) / length;
  expect(Math.abs(mean)).toBeLessThan(4e-8);
});

describe('attention', () => {
  test.each([
    { images: 1, tokens: 197, asking: 197, width: 768 },
    { images: 3, tokens: 197, asking: 197, width: 192 },
    { images: 3, tokens: 197, asking: 1, width: 768 },
    { images: 1, tokens: 197, asking: 1, width: 192 },
    { images: 3, tokens: 50, asking: 33, width: 192 },
    { images: 1, tokens: 32, asking: 32, width: 64 },
    { images: 2, tokens: 17, asking: 17, width: 64 },
    { images: 2, tokens: 1, asking: 1, width: 128 },
  ])('%o', async ({ images, tokens, asking, width }) => {
    const qkv = numbers(images * tokens * 3 * width);
    const found = await attended(qkv, { images, tokens, asking, width });
    const expected = exactAttention(qkv, { images, tokens, asking, width, depth: DEPTH });
    // Scores have a deviation of 8 and single precision's rounding, which the exponential takes as it is.
    expect(worstRow(found, expected, width)).toBeLessThan(1e-5);
  });

  // Whole numbers have exact scores, whose exponentials would be infinite or nothing.
  test.each(['random', 'rising', 'falling'])('scores of thousands, %s', async (order) => {
    const shape = { images: 1, tokens: 197, asking: 197, width: 192 };
    const slope = order === 'rising' ? 1 : -1;
    const qkv = numbers(197 * 3 * 192).map((value, i) => {
      const [token, column] = [Math.floor(i / 576), i % 576];
      if (column >= 384) return value;
      if (order === 'random') return Math.round(8 * value);
      return column < 192 ? 1 : Math.round(slope * token * 0.25 + value);
    });
    const found = await attended(qkv, shape);
    expect(worstRow(found, exactAttention(qkv, { ...shape, depth: DEPTH }), 192)).toBeLessThan(1e-6);
  });

  test('an image gets the same numbers in any batch', async () => {
    const shape = { images: 3, tokens: 50, asking: 50, width: 192 };
    const qkv = numbers(3 * 50 * 576);
    const together = await attended(qkv, shape);
    const alone = await attended(qkv.slice(50 * 576, 2 * 50 * 576), { ...shape, images: 1 });
    expect(together.slice(50 * 192, 2 * 50 * 192)).toEqual(alone);
  });

  test('other depths, and more askers than tokens, are refused', () => {
    tf.tidy(() => {
      const qkv = tf.zeros<tf.Rank.R3>([1, 4, 3 * 192]);
      expect(() => kernels().attend(qkv, 4, 192, 32)).toThrow('64');
      expect(() => kernels().attend(qkv, 5, 192, 64)).toThrow('5');
    });
  });

  interface Asked {
    readonly images: number;
    readonly tokens: number;
    readonly asking: number;
    readonly width: number;
  }

  function attended(qkv: Float32Array, { images, tokens, asking, width }: Asked): Promise<Float32Array> {
    return values(() => kernels().attend(tf.tensor3d(qkv, [images, tokens, 3 * width]), asking, width, DEPTH));
  }
});
