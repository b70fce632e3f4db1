import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { ARCHITECTURES, isArchitecture } from '../../../src/models/backbones.ts';
import { openEngine } from '../../../src/models/engine.ts';
import { DIFFERENCE_BOUND, formulaErrors, relativeBound } from './parity.ts';

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
