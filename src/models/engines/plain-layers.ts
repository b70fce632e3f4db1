import * as tf from '@tensorflow/tfjs';
import type { Activation, Convolution, LayerNorm, Layers, Linear } from './layers.ts';
import { asImages, asTokens, type NetworkTensors, type OnStep } from './tensors.ts';

type Layer = (x: tf.Tensor, residual?: tf.Tensor) => tf.Tensor;

/**
 * Layers of TensorFlow.js's own operations, on whatever backend is in use: what the engines with kernels of their own
 * build on, and what a browser or a graphics card gets that cannot run those.
 * @param activate an activation as the engine computes it best
 */
export function plainLayers(
  tensors: NetworkTensors,
  onStep: OnStep,
  activate: (x: tf.Tensor, activation: Activation) => tf.Tensor = activated,
): Layers<tf.Tensor> {
  function convolution({ filter, bias, kernel, ...shape }: Convolution): Layer {
    const { inputs, outputs, stride, padding, depthwise, activation } = shape;
    const common = {
      filter: tensors.tensor<tf.Rank.R4>(
        filter,
        depthwise ? [kernel, kernel, outputs, 1] : [kernel, kernel, inputs, outputs],
      ),
      bias: tensors.tensor<tf.Rank.R1>(bias, [outputs]),
      strides: stride,
      pad: padding === 'same' ? ('same' as const) : padding === 'none' ? ('valid' as const) : (kernel - 1) / 2,
    };
    const convolve = depthwise ? tf.fused.depthwiseConv2d : tf.fused.conv2d;
    return (x, residual) => {
      const images = asImages(x);
      if (activation === 'relu' && !residual) return convolve({ ...common, x: images, activation });
      const y = convolve({ ...common, x: images });
      return activate(residual ? tf.add(y, residual) : y, activation);
    };
  }

  /** One product of two untransposed matrices: TensorFlow.js's WASM is ten times slower at any other. */
  function linear({ kernel, bias, activation }: Linear): Layer {
    const outputs = bias.length;
    const inputs = kernel.length / outputs;
    const b = tensors.tensor<tf.Rank.R2>(kernel, [inputs, outputs]);
    const shift = tensors.tensor<tf.Rank.R1>(bias, [outputs]);
    return (x, residual) => {
      const product = tf.fused.matMul({ a: tf.reshape(x, [x.size / inputs, inputs]), b, bias: shift });
      const y = tf.reshape(product, [...x.shape.slice(0, -1), outputs]);
      return activate(residual ? tf.add(y, residual) : y, activation);
    };
  }

  return {
    convolution: async (shape) => convolution(shape),
    linear: async (shape) => linear(shape),
    layerNorm: async (norm) => affine(tensors, norm, (x) => normalised(x, norm.epsilon)),

    async attention({ qkv, width, heads, queries }) {
      const depth = width / heads;
      const asking = (x: tf.Tensor3D): tf.Tensor3D =>
        queries === null ? x : tf.slice<tf.Rank.R3, tf.Tensor3D>(x, [0, 0, 0], [-1, queries, -1]);
      const part = (begin: number, count: number) => linear(columns(qkv, begin, count));
      if (tf.getBackend() !== 'wasm') {
        const [query, key, value] = [part(0, width), part(width, width), part(2 * width, width)];
        return (x) => allHeads(asTokens(x), asking(asTokens(x)), { query, key, value }, heads);
      }
      const each = Array.from({ length: heads }, (_, head) => ({
        query: part(head * depth, depth),
        key: part(width + head * depth, depth),
        value: part(2 * width + head * depth, depth),
      }));
      return (x) => {
        const images = tf.split<tf.Tensor3D>(asTokens(x), x.shape[0] ?? 1);
        return tf.concat(images.map((image) => tf.tidy(() => headByHead(image, asking(image), each))));
      };
    },

    async attentionPool({ scores, values, heads }) {
      const score = linear(scores);
      const width = values.bias.length;
      const value = tensors.tensor<tf.Rank.R3>(byHead(values.kernel, width, heads), [heads, width, width / heads]);
      const bias = tensors.tensor<tf.Rank.R1>(values.bias, [width]);
      return (x) => {
        const images = x.shape[0] ?? 0;
        const weights = tf.softmax(tf.transpose(score(x), [0, 2, 1]));
        const gathered = tf.matMul<tf.Tensor3D>(weights, asTokens(x));
        const valued = tf.matMul(tf.transpose(gathered, [1, 0, 2]), value);
        return tf.add(tf.reshape(tf.transpose(valued, [1, 0, 2]), [images, 1, width]), bias);
      };
    },

    async squeezeExcite({ convolution: before, reduce, expand, gate }) {
      const convolve = convolution(before);
      const gates = gatesOf(linear(reduce), linear(expand), gate);
      return (x) => {
        const y = convolve(x);
        return tf.mul(y, gates(y));
      };
    },

    async tokens({ prefix, positions, width }) {
      const places = tensors.tensor<tf.Rank.R2>(positions, [positions.length / width, width]);
      const before = prefix.length > 0 ? tensors.tensor<tf.Rank.R3>(prefix, [1, prefix.length / width, width]) : null;
      return (x) => {
        const images = x.shape[0] ?? 0;
        const placed = tf.add<tf.Tensor3D>(tf.reshape(x, [images, positions.length / width, width]), places);
        return before ? tf.concat([tf.tile(before, [images, 1, 1]), placed], 1) : placed;
      };
    },

    meanPool,
    maxPool: (x, kernel, stride) => tf.maxPool(asImages(x), kernel, stride, (kernel - 1) / 2),
    firstTokens: (x, count) => tf.slice(asTokens(x), [0, 0, 0], [-1, count, -1]),
    meanToken(x, begin) {
      const [images, tokens, width] = asTokens(x).shape;
      const counted = tf.slice(asTokens(x), [0, begin, 0], [-1, -1, -1]);
      return tf.reshape(meanPool(tf.reshape(counted, [images, tokens - begin, 1, width])), [images, 1, width]);
    },
    add: (x, y) => tf.add(x, y),

    sequence(input, layers, told = false) {
      let x = input;
      for (const layer of layers) {
        const y = tf.tidy(() => layer(x));
        if (x !== input) x.dispose();
        x = y;
        if (told) onStep();
      }
      return x;
    },
  };
}

/** What scales the channels of a squeeze-and-excitation, [N, 1, 1, C]. */
export function gatesOf(reduce: Layer, expand: Layer, gate: 'sigmoid' | 'clip'): (x: tf.Tensor) => tf.Tensor {
  return (x) => {
    const gates = expand(reduce(meanPool(x)));
    return gate === 'clip' ? tf.clipByValue(gates, 0, 1) : tf.sigmoid(gates);
  };
}

/** Adds the affine half of a layer norm, where it has one, to what computes the rest. */
export function affine(tensors: NetworkTensors, norm: LayerNorm, normalise: (x: tf.Tensor) => tf.Tensor): Layer {
  if (!norm.affine) return normalise;
  const { scale, shift } = norm.affine;
  const factor = tensors.tensor<tf.Rank.R1>(Float32Array.from(scale), [norm.width]);
  const offset = tensors.tensor<tf.Rank.R1>(Float32Array.from(shift), [norm.width]);
  return (x) => tf.add(tf.mul(normalise(x), factor), offset);
}

/** Layer norm without its affine half. */
function normalised(x: tf.Tensor, epsilon: number): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  return tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon)));
}

/** tf.mean transposes first on WASM: ten times slower. */
function meanPool(x: tf.Tensor): tf.Tensor4D {
  const images = asImages(x);
  return tf.avgPool(images, [images.shape[1], images.shape[2]], 1, 'valid');
}

/** Activations by TensorFlow.js's own operations; GELU (Hendrycks & Gimpel 2016) with the exact erf. */
export function activated(x: tf.Tensor, activation: Activation): tf.Tensor {
  switch (activation) {
    case 'linear':
      return x;
    case 'relu':
      return tf.relu(x);
    case 'silu':
      return tf.mul(x, tf.sigmoid(x));
    case 'hard-swish':
      return tf.mul(x, tf.clipByValue(tf.add(tf.mul(x, 1 / 6), 0.5), 0, 1));
    case 'gelu': {
      const half = tf.mul(x, 0.5);
      return tf.add(half, tf.mul(half, tf.erf(tf.mul(x, Math.SQRT1_2))));
    }
  }
}

/** Some of a layer's outputs. */
function columns({ kernel, bias, activation }: Linear, begin: number, count: number): Linear {
  const outputs = bias.length;
  const inputs = kernel.length / outputs;
  const own = new Float32Array(inputs * count);
  for (let i = 0; i < inputs; i++)
    own.set(kernel.subarray(i * outputs + begin, i * outputs + begin + count), i * count);
  return { kernel: own, bias: bias.slice(begin, begin + count), activation };
}

/** A matrix [inputs, width] as [heads, inputs, width / heads]. */
function byHead(kernel: Float32Array, width: number, heads: number): Float32Array {
  const depth = width / heads;
  const inputs = kernel.length / width;
  const sorted = new Float32Array(kernel.length);
  for (let head = 0; head < heads; head++) {
    for (let i = 0; i < inputs; i++) {
      const from = i * width + head * depth;
      sorted.set(kernel.subarray(from, from + depth), (head * inputs + i) * depth);
    }
  }
  return sorted;
}

interface Projections {
  readonly query: Layer;
  readonly key: Layer;
  readonly value: Layer;
}

/** For a GPU: few large operations, products batched over images and heads. */
function allHeads(x: tf.Tensor3D, asking: tf.Tensor3D, { query, key, value }: Projections, heads: number): tf.Tensor {
  const split = (y: tf.Tensor): tf.Tensor4D => {
    const [images, tokens, width] = asTokens(y).shape;
    return tf.transpose(tf.reshape(y, [images, tokens, heads, width / heads]), [0, 2, 1, 3]);
  };
  const scores = tf.matMul(split(query(asking)), split(key(x)), false, true);
  const gathered = tf.matMul(tf.softmax(scores), split(value(x)));
  return tf.reshape(tf.transpose(gathered, [0, 2, 1, 3]), asking.shape);
}

/** For WASM, and one image: batched and transposed products, and slices, take slow paths there, so every head has weights of its own. */
function headByHead(x: tf.Tensor3D, asking: tf.Tensor3D, heads: readonly Projections[]): tf.Tensor3D {
  const flat = (y: tf.Tensor): tf.Tensor2D => tf.reshape(y, [asTokens(y).shape[1], asTokens(y).shape[2]]);
  const gathered = heads.map(({ query, key, value }) =>
    tf.tidy(() => {
      const scores = tf.matMul(flat(query(asking)), tf.transpose(flat(key(x))));
      return tf.matMul<tf.Tensor2D>(tf.softmax(scores), flat(value(x)));
    }),
  );
  return tf.reshape(tf.concat(gathered, 1), asking.shape);
}
