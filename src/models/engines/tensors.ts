import * as tf from '@tensorflow/tfjs';

/** The tensors that a network is made of, which live until they are disposed of together. */
export interface NetworkTensors {
  /** A tensor of these values, float32 or int32 as they are, which are not kept. */
  tensor<R extends tf.Rank>(values: Float32Array | Int32Array, shape: tf.ShapeMap[R]): tf.Tensor<R>;
  own<T extends tf.Tensor>(tensor: T): T;
  /** Resolves when all of them lie where they are computed with; rejects with what an upload failed of. */
  uploaded(): Promise<void>;
  dispose(): void;
}

/** `upload` as Engine.upload. */
export function networkTensors(upload: (tensor: tf.Tensor) => Promise<void> = async () => {}): NetworkTensors {
  const tensors: tf.Tensor[] = [];
  let uploading: Promise<unknown> = Promise.resolve();
  function own<T extends tf.Tensor>(tensor: T): T {
    tensors.push(tf.keep(tensor));
    return tensor;
  }
  return {
    tensor(values, shape) {
      const tensor = own(tf.tensor(values, shape));
      const sent = upload(tensor);
      uploading = Promise.all([uploading, sent]);
      // Told by `uploaded`.
      uploading.catch(() => {});
      return tensor;
    },
    own,
    uploaded: () => uploading.then(() => {}),
    dispose() {
      tf.dispose(tensors.splice(0));
    },
  };
}

/** Called after every layer of a forward pass, which shows that the worker is alive. */
export type OnStep = () => void;

/** A tensor as one of images, [N, H, W, C]. */
export function asImages(x: tf.Tensor): tf.Tensor4D {
  if (x.rank !== 4) throw new Error(`Images have four dimensions, not ${x.rank}.`);
  return x as tf.Tensor4D;
}

/** A tensor as one of tokens, [N, T, D]. */
export function asTokens(x: tf.Tensor): tf.Tensor3D {
  if (x.rank !== 3) throw new Error(`Tokens have three dimensions, not ${x.rank}.`);
  return x as tf.Tensor3D;
}
