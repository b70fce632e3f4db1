import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { ARCHITECTURES, isArchitecture } from '../../../src/models/backbones.ts';
import { openEngine } from '../../../src/models/engine.ts';
import { DIFFERENCE_BOUND, formulaErrors, relativeBound, roundingSensitivity } from './parity.ts';

beforeAll(async () => {
  await openEngine('wasm');
});

test.each(Object.keys(ARCHITECTURES).filter(isArchitecture))('%s equals PyTorch on WASM', async (architecture) => {
  const before = tf.memory().numTensors;
  const { relative, difference } = await formulaErrors(architecture);
  expect(relative).toBeLessThanOrEqual(relativeBound(architecture, 1e-4));
  expect(difference).toBeLessThanOrEqual(DIFFERENCE_BOUND);
  expect(tf.memory().numTensors).toBe(before);
});

// Why one bound is wider than the common one: rounding the input alone moves these features beyond it.
test.each(['tf_efficientnetv2_b0', 'efficientnet_b0'] as const)(
  '%s: what one rounding of the input does',
  async (architecture) => {
    const sensitivity = await roundingSensitivity(architecture);
    console.log(`${architecture}: one rounding of the input moves the features by ${sensitivity.toExponential(1)}`);
    if (relativeBound(architecture, 1e-4) > 1e-4) expect(sensitivity).toBeGreaterThan(1e-4);
    else expect(sensitivity).toBeLessThan(1e-4);
  },
);
