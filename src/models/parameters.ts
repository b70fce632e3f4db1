import * as tf from '@tensorflow/tfjs';
import { AppError } from '../errors.ts';
import type { Safetensors } from './safetensors.ts';

/** Where a network's parameters come from, by timm's names and in torch's layout. */
export interface WeightSource {
  shape(name: string): readonly number[] | undefined;
  /** The elements in C order; owned by the caller. */
  read(name: string): Promise<Float32Array>;
}

/** A weight file as a source. */
export function weightSource({ tensors, read }: Safetensors): WeightSource {
  return { shape: (name) => tensors.get(name)?.shape, read };
}

/** Reads a network's parameters one after the other and owns the tensors made of them. */
export interface Parameters {
  /** @throws AppError 'weights-mismatch' where the tensor is missing or has another shape. */
  read(name: string, shape: readonly number[]): Promise<Float32Array>;
  /** A tensor that lives until `dispose`. The array is not kept. */
  tensor<R extends tf.Rank>(values: Float32Array, shape: tf.ShapeMap[R]): tf.Tensor<R>;
  /** Keeps a tensor until `dispose`. */
  own<T extends tf.Tensor>(tensor: T): T;
  dispose(): void;
}

export function openParameters(source: WeightSource): Parameters {
  const tensors: tf.Tensor[] = [];
  function own<T extends tf.Tensor>(tensor: T): T {
    tensors.push(tf.keep(tensor));
    return tensor;
  }
  return {
    async read(name, expected) {
      const found = source.shape(name);
      if (String(found) !== String(expected)) {
        const instead = found ? `has the shape [${found.join(', ')}]` : 'is missing';
        const message = `These weights do not fit the network: the tensor "${name}" ${instead}, expected [${expected.join(', ')}].`;
        throw new AppError('weights-mismatch', message);
      }
      return source.read(name);
    },
    tensor<R extends tf.Rank>(values: Float32Array, shape: tf.ShapeMap[R]) {
      return own(tf.tensor<R>(values, shape));
    },
    own,
    dispose() {
      tf.dispose(tensors.splice(0));
    },
  };
}
