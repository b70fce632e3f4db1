import * as tf from '@tensorflow/tfjs';
import type { Activation, Layer, Layers, Linear } from '../layers.ts';
import { activated, affine, plainLayers } from '../plain-layers.ts';
import { asTokens, type NetworkTensors, type OnStep } from '../tensors.ts';
import { hardSwish, silu } from './activations.ts';
import { DEPTH } from './attention.ts';
import { testedWebgpuKernels, webgpuKernels } from './kernels.ts';

/** Layers of TensorFlow.js's products and convolutions, with our own kernels for what it has none for. */
export function webgpuLayers(tensors: NetworkTensors, onStep: OnStep): Layers<tf.Tensor> {
  const product = webgpuKernels()?.product ?? null;
  const ofCards = plainLayers(tensors, onStep, activate);
  const plain = product ? { ...ofCards, linear: async (layer: Linear) => linearBy(product, layer) } : ofCards;

  /** By a product that wants fours of inputs and outputs. */
  function linearBy(
    multiply: NonNullable<typeof product>,
    layer: Linear,
  ): Layer<tf.Tensor> | Promise<Layer<tf.Tensor>> {
    const { kernel, bias, activation } = layer;
    const outputs = bias.length;
    const inputs = kernel.length / outputs;
    if (inputs % 4 !== 0 || outputs % 4 !== 0) return ofCards.linear(layer);
    const b = tensors.tensor<tf.Rank.R2>(kernel, [inputs, outputs]);
    const shift = tensors.tensor<tf.Rank.R1>(bias, [outputs]);
    return (x, residual) => {
      const rows = tf.reshape<tf.Rank.R2>(x, [x.size / inputs, inputs]);
      const y = tf.reshape(multiply(rows, b, shift), [...x.shape.slice(0, -1), outputs]);
      return activate(residual ? tf.add(y, residual) : y, activation);
    };
  }

  /** Where a layer's width is not one that the kernels compute right, it falls back by itself. */
  async function linear(layer: Linear): Promise<Layer<tf.Tensor>> {
    const inputs = layer.kernel.length / layer.bias.length;
    const kernels = layer.activation === 'gelu' ? await testedWebgpuKernels(inputs) : null;
    if (!kernels) return plain.linear(layer);
    const multiply = await plain.linear({ ...layer, activation: 'linear' });
    return (x) => kernels.gelu(multiply(x));
  }

  return {
    ...plain,
    linear,

    async layerNorm(norm) {
      const kernels = norm.width % 4 === 0 ? await testedWebgpuKernels(norm.width) : null;
      return kernels ? affine(tensors, norm, (x) => kernels.layerNorm(x, norm.epsilon)) : plain.layerNorm(norm);
    },

    async attention(attention) {
      const { qkv, width, heads, queries } = attention;
      const kernels = width / heads === DEPTH ? await testedWebgpuKernels(width) : null;
      if (!kernels) return plain.attention(attention);
      const project = await plain.linear(qkv);
      return (x) => {
        const projected = asTokens(project(x));
        return kernels.attend(projected, queries ?? projected.shape[1], width, DEPTH);
      };
    },
  };
}

function activate(x: tf.Tensor, activation: Activation): tf.Tensor {
  if (activation === 'silu') return silu(x);
  return activation === 'hard-swish' ? hardSwish(x) : activated(x, activation);
}
