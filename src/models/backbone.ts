import * as tf from '@tensorflow/tfjs';
import { AppError } from '../errors.ts';
import type { ArchitectureName } from '../types.ts';
import { ARCHITECTURES } from './backbones.ts';
import { efficientnetB0, tfEfficientnetV2B0 } from './efficientnet.ts';
import type { Network, OnStep } from './network.ts';
import { openParameters, type WeightSource } from './parameters.ts';
import { resnet50 } from './resnet.ts';
import { deitTinyPatch16, vitBasePatch16 } from './vit.ts';

const NETWORKS: Readonly<Record<ArchitectureName, Network>> = {
  resnet50,
  efficientnet_b0: efficientnetB0,
  tf_efficientnetv2_b0: tfEfficientnetV2B0,
  vit_base_patch16_224: vitBasePatch16,
  deit_tiny_patch16_224: deitTinyPatch16,
};

export interface Backbone {
  /** Number of features D. */
  readonly features: number;
  /** Normalised images [N, 224, 224, 3] → features [N, D], which the caller disposes; so does it the input. */
  forward(input: tf.Tensor4D): tf.Tensor2D;
  /** Frees the parameters. */
  dispose(): void;
}

/**
 * Loads a network onto the current TensorFlow.js backend, for which its weights are laid out: it cannot move to another.
 * Reads one tensor after the other and keeps no copy. Nothing stays allocated when it fails. `onStep` is called after every
 * tensor that is read, and after every layer that is computed later.
 * @throws AppError 'weights-mismatch' with the tensor, the expected and the found shape, and whatever `source` throws.
 */
export async function loadBackbone(
  architecture: ArchitectureName,
  source: WeightSource,
  onStep: OnStep = () => {},
): Promise<Backbone> {
  const parameters = openParameters(stepwise(source, onStep));
  try {
    const forward = await NETWORKS[architecture](parameters, onStep);
    return {
      features: ARCHITECTURES[architecture].features,
      forward: (input) => tf.tidy(() => forward(input)),
      dispose: parameters.dispose,
    };
  } catch (error) {
    parameters.dispose();
    if (error instanceof AppError) throw error;
    const { label } = ARCHITECTURES[architecture];
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
