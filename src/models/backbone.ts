import * as tf from '@tensorflow/tfjs';
import { AppError } from '../errors.ts';
import type { ArchitectureName } from '../types.ts';
import type { Engine } from './engines/engine.ts';
import type { Layers } from './engines/layers.ts';
import { plainLayers } from './engines/plain-layers.ts';
import { type NetworkTensors, networkTensors, type OnStep } from './engines/tensors.ts';
import { wasmKernels } from './engines/wasm/kernels.ts';
import { wasmLayers } from './engines/wasm/layers.ts';
import { webgpuKernels } from './engines/webgpu/kernels.ts';
import { webgpuLayers } from './engines/webgpu/layers.ts';
import { declareNetwork } from './networks/network.ts';
import { Operations, type WeightSource } from './networks/operations.ts';
import { ARCHITECTURES } from './specs/architectures.ts';

export interface Backbone {
  /** Number of features D. */
  readonly features: number;
  /** Normalised images [N, size, size, 3] → features [N, D], which the caller disposes; so does it the input. */
  forward(input: tf.Tensor4D): tf.Tensor2D;
  /** Frees the parameters. */
  dispose(): void;
}

/**
 * Loads a network for images of `size` pixels onto the engine in use, for which its weights are laid out: it cannot move
 * to another. Reads one tensor after the other and keeps no copy. Nothing stays allocated when it fails. `onStep` is
 * called after every tensor that is read, and after every layer that is computed later; `upload` is the engine's.
 * @throws AppError 'weights-mismatch' with the tensor, the expected and the found shape, and whatever `source` throws.
 */
export async function loadBackbone(
  architecture: ArchitectureName,
  source: WeightSource,
  size: number,
  onStep: OnStep = () => {},
  upload?: Engine['upload'],
): Promise<Backbone> {
  const { label, features, network } = ARCHITECTURES[architecture];
  const net = new Operations<tf.Tensor>();
  const tensors = networkTensors(upload);
  try {
    const forward = declareNetwork(net, network, size);
    await net.load(stepwise(source, onStep), layersInUse(tensors, onStep));
    await tensors.uploaded();
    return {
      features,
      forward: (input) => tf.tidy(() => tf.reshape<tf.Rank.R2>(forward(input), [input.shape[0], features])),
      dispose: tensors.dispose,
    };
  } catch (error) {
    tensors.dispose();
    if (error instanceof AppError) throw error;
    const message = `${label} could not be loaded: ${error instanceof Error ? error.message : error}.`;
    throw new AppError('engine-unavailable', message, { cause: error });
  }
}

function stepwise({ shape, read }: WeightSource, onStep: OnStep): WeightSource {
  return {
    shape,
    async read(name) {
      const values = await read(name);
      onStep();
      return values;
    },
  };
}

/** What networks are computed with on the engine that is open. Whether that has kernels of its own is known by then. */
export function layersInUse(tensors: NetworkTensors, onStep: OnStep): Layers<tf.Tensor> {
  const kernels = wasmKernels();
  if (kernels) return wasmLayers(tensors, onStep, kernels);
  return webgpuKernels() ? webgpuLayers(tensors, onStep) : plainLayers(tensors, onStep);
}
