import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { ARCHITECTURES, isArchitecture } from '../../../src/models/backbones.ts';
import { openEngine } from '../../../src/models/engine.ts';
import type { ArchitectureName } from '../../../src/types.ts';
import { DIFFERENCE_BOUND, formulaErrors, relativeBound } from './parity.ts';

/** Those that a software adapter computes in tens of seconds. `npm run parity:webgpu` asks for all. */
const QUICK: readonly ArchitectureName[] = ['efficientnet_b0', 'deit_tiny_patch16_224'];
const all = import.meta.env['VITE_PARITY'] === 'all';
const architectures = all ? Object.keys(ARCHITECTURES).filter(isArchitecture) : QUICK;
const PATIENCE_MS = 1_800_000;

let adapter: string | null = null;
beforeAll(async () => {
  ({ adapter } = await openEngine('webgpu'));
});

test.each(architectures)('%s equals PyTorch on WebGPU', { timeout: PATIENCE_MS }, async (architecture) => {
  const before = tf.memory().numTensors;
  const start = performance.now();
  const { relative, difference } = await formulaErrors(architecture);
  if (all) {
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    const errors = `relative error ${relative.toExponential(2)}, of the difference ${difference.toExponential(2)}`;
    console.log(`${architecture} on ${adapter}: ${errors} (${seconds} s)`);
  }
  expect(relative).toBeLessThanOrEqual(relativeBound(architecture, 1e-3));
  expect(difference).toBeLessThanOrEqual(DIFFERENCE_BOUND);
  expect(tf.memory().numTensors).toBe(before);
});
