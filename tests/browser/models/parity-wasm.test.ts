import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { openEngine } from '../../../src/models/engines/engine.ts';
import { boundOf, DIFFERENCE_BOUND, FIXTURES, formulaErrors, roundingSensitivity } from './parity.ts';

beforeAll(async () => {
  await openEngine('wasm');
});

test.each(FIXTURES)('%s equals PyTorch on WASM', async (name) => {
  const before = tf.memory().numTensors;
  const { relative, difference } = await formulaErrors(name);
  const bound = await boundOf(name);
  console.log(`${name}: relative error ${relative.toExponential(1)} of ${bound.toExponential(1)}`);
  expect(relative).toBeLessThanOrEqual(bound);
  expect(difference).toBeLessThanOrEqual(DIFFERENCE_BOUND);
  expect(tf.memory().numTensors).toBe(before);
});

// Why one bound is wider than the common one: rounding the input alone moves these features beyond it.
test.each(['tf_efficientnetv2_b0', 'efficientnet_b0'])('%s: what one rounding of the input does', async (name) => {
  const sensitivity = await roundingSensitivity(name);
  console.log(`${name}: one rounding of the input moves the features by ${sensitivity.toExponential(1)}`);
  if ((await boundOf(name)) > 1e-4) expect(sensitivity).toBeGreaterThan(1e-4);
  else expect(sensitivity).toBeLessThan(1e-4);
});
