import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { openEngine } from '../../../src/models/engines/engine.ts';
import { cardBoundOf, DIFFERENCE_BOUND, FIXTURES, formulaErrors } from './parity.ts';

/**
 * Those that a software adapter computes in tens of seconds, of every family, on one image. `npm run parity:webgpu` asks
 * for all networks and both images.
 */
const QUICK: readonly string[] = [
  ...['efficientnet_b0', 'resnet18', 'convnext_tiny', 'vit_tiny_patch16_224'],
  ...['vit_small_patch14_reg4_dinov2', 'mobilenetv3_large_100'],
];
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
