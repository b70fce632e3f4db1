import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { openEngine } from '../../../src/models/engines/engine.ts';
import { cardBoundOf, DIFFERENCE_BOUND, FIXTURES, formulaErrors, QUICK } from './parity.ts';

/** With VITE_PARITY=all on all networks and both images, else on the quick ones and one image. */
const all = import.meta.env['VITE_PARITY'] === 'all';
const PATIENCE_MS = 1_800_000;

let adapter: string | null = null;
beforeAll(async () => {
  ({ adapter } = await openEngine('webgpu'));
});

test.each(all ? FIXTURES : QUICK)('%s equals PyTorch on WebGPU', { timeout: PATIENCE_MS }, async (name) => {
  const before = tf.memory().numTensors;
  const start = performance.now();
  const { relative, difference } = await formulaErrors(name, all ? 2 : 1);
  if (all) {
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    const errors = `relative error ${relative.toExponential(2)}, of the difference ${difference.toExponential(2)}`;
    console.log(`${name} on ${adapter}: ${errors} (${seconds} s)`);
  }
  expect(relative).toBeLessThanOrEqual(cardBoundOf(name));
  expect(difference).toBeLessThanOrEqual(DIFFERENCE_BOUND);
  expect(tf.memory().numTensors).toBe(before);
});
