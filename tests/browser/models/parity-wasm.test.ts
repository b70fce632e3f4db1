import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { ARCHITECTURES, isArchitecture } from '../../../src/models/backbones.ts';
import { openEngine } from '../../../src/models/engine.ts';
import { formulaErrors } from './parity.ts';

beforeAll(async () => {
  await openEngine('wasm');
});

test.each(Object.keys(ARCHITECTURES).filter(isArchitecture))(
  '%s on WASM equals PyTorch with formula weights',
  async (architecture) => {
    const before = tf.memory().numTensors;
    const { relative, difference } = await formulaErrors(architecture);
    console.log(
      `${architecture} on wasm: relative error ${relative.toExponential(2)}, of the difference ${difference.toExponential(2)}`,
    );
    expect(relative).toBeLessThanOrEqual(1e-4);
    expect(difference).toBeLessThanOrEqual(1e-2);
    expect(tf.memory().numTensors).toBe(before);
  },
);
