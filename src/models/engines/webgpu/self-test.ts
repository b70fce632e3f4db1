import * as tf from '@tensorflow/tfjs';
import { DEPTH } from './attention-wgsl.ts';
import { exactAttention, exactGelu, exactLayerNorm } from './exact.ts';
import type { WebgpuKernels } from './kernels.ts';

/** Two tiles of queries and three of keys, the last of each with a rest. */
const ASKING = 33;
const TOKENS = 35;
const EPSILON = 1e-6;
/** Hundreds of times what single precision leaves; whatever is wrong is off by far more. */
const TOLERANCE = 1e-3;
/** What a card refuses work with. */
const SCOPES = ['internal', 'validation'] as const;

/**
 * Whether attention (where the width is one of its heads'), layer norm and GELU, one after the other, give what plain loops
 * give. False too where the card refuses the work. Rejects where the device is lost.
 */
export async function computesRight(device: GPUDevice, kernels: WebgpuKernels, width: number): Promise<boolean> {
  // Small queries: every key then has a share.
  const qkv = Float32Array.from({ length: TOKENS * 3 * width }, (_, i) => {
    return (i % (3 * width) < width ? 0.1 : 1) * Math.sin(0.7 * i + 1e-4 * i * i);
  });
  // Popped before anything is awaited, else the scopes would catch the errors of others.
  for (const filter of SCOPES) device.pushErrorScope(filter);
  const computed = compute(kernels, qkv, width);
  const errors = SCOPES.map(() => device.popErrorScope());
  const [found, ...refusals] = await Promise.all([computed, ...errors]);
  if (refusals.some((refusal) => refusal !== null)) return false;
  const gathered = attends(width)
    ? exactAttention(qkv, { images: 1, tokens: TOKENS, asking: ASKING, width, depth: DEPTH })
    : qkv;
  return exactLayerNorm(gathered, width, EPSILON)
    .map(exactGelu)
    .every((value, i) => Math.abs(value - (found[i] ?? Number.NaN)) <= TOLERANCE);
}

const attends = (width: number): boolean => width % DEPTH === 0;

async function compute(kernels: WebgpuKernels, qkv: Float32Array, width: number): Promise<ArrayLike<number>> {
  const result = tf.tidy(() => {
    const numbers = tf.tensor3d(qkv, [1, TOKENS, 3 * width]);
    const gathered = attends(width)
      ? kernels.attend(numbers, ASKING, width, DEPTH)
      : tf.reshape(numbers, [1, 3 * TOKENS, width]);
    return kernels.gelu(kernels.layerNorm(gathered, EPSILON));
  });
  try {
    return await result.data();
  } finally {
    result.dispose();
  }
}
