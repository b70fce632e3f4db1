import * as tf from '@tensorflow/tfjs';
import { gelu, registerActivations } from './activations.ts';
import { attend, DEPTH, registerAttention } from './attention.ts';
import { type Candidate, chooseCandidates } from './candidates.ts';
import { exactAttention, exactGelu, exactLayerNorm } from './exact.ts';
import { layerNorm, registerLayerNorm } from './layer-norm.ts';
import { type Backend, dispatchTo } from './program.ts';

/** Our own kernels on the graphics card. Results are new tensors in the caller's tidy; inputs stay the caller's. */
export interface WebgpuKernels {
  readonly gelu: typeof gelu;
  readonly layerNorm: typeof layerNorm;
  readonly attend: typeof attend;
}

const KERNELS: WebgpuKernels = { gelu, layerNorm, attend };

/**
 * On adapters that are programs, where all of these were measured: these run a barrier as a change of thread, and
 * TensorFlow.js's products and convolutions, which share tiles between threads, take four to nine times as long there.
 */
const FASTER_IN_SOFTWARE = [
  'fused-product',
  'fused-convolution',
  'fused-depthwise',
  'squeeze-in-two',
] as const satisfies readonly Candidate[];

/** Two tiles of queries and three of keys, the last of each with a rest. */
const ASKING = 33;
const TOKENS = 35;
const EPSILON = 1e-6;
/** Hundreds of times what single precision leaves; whatever is wrong is off by far more. */
const TOLERANCE = 1e-3;
/** What a card refuses work with. */
const SCOPES = ['internal', 'validation'] as const;

let opened: { readonly device: GPUDevice; readonly tested: Set<number>; readonly kernels: WebgpuKernels } | null = null;
let registered = false;

/** The kernels, where the backend in use is WebGPU and has them; networks are built without them elsewhere. */
export function webgpuKernels(): WebgpuKernels | null {
  return opened && tf.getBackend() === 'webgpu' ? opened.kernels : null;
}

/**
 * Registers the kernels with the backend. Called again, it lets them be tested again. `software`: whether the adapter is a
 * program on the processor.
 */
export function registerWebgpuKernels(backend: Backend, software: boolean): void {
  opened = { device: backend.device, tested: new Set(), kernels: KERNELS };
  dispatchTo(backend);
  chooseCandidates(software ? FASTER_IN_SOFTWARE : []);
  if (registered) return;
  registered = true;
  registerActivations(backend);
  registerLayerNorm(backend);
  registerAttention(backend);
}

/**
 * The kernels, where WebGPU is in use and they compute something known right at this width, which is tried once. A card
 * that refuses them or computes wrong numbers (drivers differ, and each compiles them itself) is left with
 * TensorFlow.js's own operations.
 */
export async function testedWebgpuKernels(width: number): Promise<WebgpuKernels | null> {
  if (!opened || !webgpuKernels() || opened.tested.has(width)) return webgpuKernels();
  const { device, tested, kernels } = opened;
  tested.add(width);
  if (await computesRight(device, kernels, width)) return kernels;
  console.warn('This graphics card computes wrong numbers with our own kernels; slower general ones are used.');
  opened = null;
  return null;
}

/**
 * Whether attention (where the width is one of its heads'), layer norm and GELU, one after the other, give what plain loops
 * give. False too where the card refuses the work. Rejects where the device is lost.
 */
async function computesRight(device: GPUDevice, kernels: WebgpuKernels, width: number): Promise<boolean> {
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
