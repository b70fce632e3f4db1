import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { openEngine } from '../../../src/models/engines/engine.ts';
import { hardSwish, silu } from '../../../src/models/engines/webgpu/activations.ts';

const x = Float32Array.from({ length: 40_001 }, (_, i) => (i - 20_000) / 1000);
const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));

beforeAll(async () => {
  await openEngine('webgpu');
});

/** Worst and mean relative error. */
async function errors(result: tf.Tensor, exact: (value: number) => number) {
  const found = await result.data();
  result.dispose();
  const relative = Array.from(x, (value, i) => {
    const expected = exact(value);
    return expected === 0
      ? Math.abs(found[i] ?? Number.NaN)
      : ((found[i] ?? Number.NaN) - expected) / Math.abs(expected);
  });
  return {
    worst: Math.max(...relative.map(Math.abs)),
    mean: relative.reduce((sum, error) => sum + error, 0) / relative.length,
  };
}

// WGSL's own exp is wrong by up to 3 + 2|x| units in the last place (6e-8 each), and to one side.
test('σ on WebGPU is exact to a few roundings, and wrong to no side', async () => {
  const { worst, mean } = await errors(
    tf.tidy(() => tf.sigmoid(tf.tensor1d(x))),
    sigmoid,
  );
  expect(worst).toBeLessThan(4e-7);
  expect(Math.abs(mean)).toBeLessThan(4e-8);
});

test('hard swish on WebGPU is one kernel, as exact', async () => {
  const { worst } = await errors(
    tf.tidy(() => hardSwish(tf.tensor1d(x.map((value) => value * 0.149)))),
    (value) => (0.149 * value * Math.min(6, Math.max(0, 0.149 * value + 3))) / 6,
  );
  expect(worst).toBeLessThan(1e-5);
});

test('x · σ(x) on WebGPU is one kernel, as exact', async () => {
  const before = tf.memory().numTensors;
  const { worst, mean } = await errors(
    tf.tidy(() => silu(tf.tensor4d(x, [1, 1, x.length, 1]))),
    (value) => value * sigmoid(value),
  );
  expect(worst).toBeLessThan(4e-7);
  expect(Math.abs(mean)).toBeLessThan(4e-8);
  const input = tf.tensor4d([1, 2, 3], [1, 1, 3, 1]);
  const profile = await tf.profile(() => silu(input));
  expect(profile.kernels.map(({ name }) => name)).toEqual(['LikenessSilu']);
  tf.dispose([input, profile.result as tf.Tensor]);
  expect(tf.memory().numTensors).toBe(before);
});
