import type * as tf from '@tensorflow/tfjs';
import type { Layers } from './layers.ts';
import { plainLayers } from './plain-layers.ts';
import type { NetworkTensors, OnStep } from './tensors.ts';
import { wasmKernels } from './wasm/kernels.ts';
import { wasmLayers } from './wasm/layers.ts';
import { webgpuKernels } from './webgpu/kernels.ts';
import { webgpuLayers } from './webgpu/layers.ts';

/** What networks are computed with on the engine that is open. Whether that has kernels of its own is known by then. */
export function layersInUse(tensors: NetworkTensors, onStep: OnStep): Layers<tf.Tensor> {
  const kernels = wasmKernels();
  if (kernels) return wasmLayers(tensors, onStep, kernels);
  return webgpuKernels() ? webgpuLayers(tensors, onStep) : plainLayers(tensors, onStep);
}
