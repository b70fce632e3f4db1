import * as tf from '@tensorflow/tfjs';
import { gelu, registerActivations } from './activations.ts';
import { attend, registerAttention } from './attention.ts';
import { layerNorm, registerLayerNorm } from './layer-norm.ts';
import type { Backend } from './program.ts';
import { computesRight } from './self-test.ts';

/** Our own kernels on the graphics card. Results are new tensors in the caller's tidy; inputs stay the caller's. */
export interface WebgpuKernels {
  readonly gelu: typeof gelu;
  readonly layerNorm: typeof layerNorm;
  readonly attend: typeof attend;
}

const KERNELS: WebgpuKernels = { gelu, layerNorm, attend };

let opened: { readonly device: GPUDevice; readonly tested: Set<number> } | null = null;
let registered = false;

/** The kernels, where the backend in use is WebGPU and has them; networks are built without them elsewhere. */
export function webgpuKernels(): WebgpuKernels | null {
  return opened && tf.getBackend() === 'webgpu' ? KERNELS : null;
}

/** Registers the kernels with the backend. Called again, it lets them be tested again. */
export function registerWebgpuKernels(backend: Backend): void {
  opened = { device: backend.device, tested: new Set() };
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
  const { device, tested } = opened;
  tested.add(width);
  if (await computesRight(device, KERNELS, width)) return KERNELS;
  console.warn('This graphics card computes wrong numbers with our own kernels; slower general ones are used.');
  opened = null;
  return null;
}
