import * as tf from '@tensorflow/tfjs';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { beforeAll, describe, test } from 'vitest';
import { openEngine } from '../../../src/models/engines/engine.ts';
import { registerWebgpuKernels } from '../../../src/models/engines/webgpu/kernels.ts';
import { cardParity, FIXTURES } from './parity.ts';

/** With VITE_PARITY=all all networks and both images. */
const all = import.meta.env['VITE_PARITY'] === 'all';
const PATIENCE_MS = 1_800_000;

beforeAll(async () => {
  await openEngine('webgpu');
});

if (all) test.each(FIXTURES)('%s equals PyTorch on WebGPU', (name) => cardParity(name, 2), PATIENCE_MS);

describe('with the products that a graphics card gets', () => {
  beforeAll(() => {
    const backend = tf.backend();
    if (!(backend instanceof WebGPUBackend)) throw new Error('WebGPU is not in use.');
    registerWebgpuKernels(backend, false);
  });

  test.each(['vit_tiny_patch16_224', 'vit_small_patch14_reg4_dinov2', 'convnext_tiny'])(
    '%s equals PyTorch on WebGPU',
    (name) => cardParity(name, 1),
    PATIENCE_MS,
  );
});
