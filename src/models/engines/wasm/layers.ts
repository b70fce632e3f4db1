import type * as tf from '@tensorflow/tfjs';
import type { Layer, LayerNorm, Layers, Linear } from '../layers.ts';
import { activated, affine, plainLayers } from '../plain-layers.ts';
import { asTokens, type NetworkTensors, type OnStep } from '../tensors.ts';
import {
  depthwiseConvolution,
  implicitGemm,
  isDepthwise,
  squeezedDepthwise,
  winogradConvolution,
} from './convolution.ts';
import type { WasmKernels } from './kernels.ts';
import { isWinograd, PANEL, packed } from './packed.ts';

/** Layers of our own kernels, as far as they go: TensorFlow.js does the rest in the same memory. */
export function wasmLayers(tensors: NetworkTensors, onStep: OnStep, kernels: WasmKernels): Layers<tf.Tensor> {
  const ofWholes = plainLayers(tensors, onStep, (x, activation) => {
    if (x.size % 4 !== 0) return activated(x, activation);
    // In place: fresh from TensorFlow.js's kernel, nothing else holds it.
    if (activation !== 'linear') kernels.activate(x, activation);
    return x;
  });
  const plain = fedWith(ofWholes, kernels);

  /** Any number of rows; outputs are a multiple of a panel. */
  function linear({ kernel, bias, activation }: Linear): Layer<tf.Tensor> {
    const outputs = bias.length;
    const inputs = kernel.length / outputs;
    const weights = tensors.tensor<tf.Rank.R1>(packed(kernel, outputs), [kernel.length]);
    const shift = tensors.tensor<tf.Rank.R1>(bias, [outputs]);
    return (x, residual) => {
      const shape = [...x.shape.slice(0, -1), outputs];
      return kernels.multiply({ x, packed: weights, bias: shift, shape, inputs, residual, activation });
    };
  }

  /** What TensorFlow.js is to scale and shift must be whole. */
  function normalised(x: tf.Tensor, { epsilon, affine: after }: LayerNorm): tf.Tensor {
    const y = kernels.layerNorm(x, epsilon);
    return after ? kernels.whole(y) : y;
  }

  return {
    ...plain,
    async convolution(convolution) {
      if (isDepthwise(convolution)) return depthwiseConvolution(tensors, kernels, convolution);
      if (convolution.depthwise || convolution.outputs % PANEL !== 0) return plain.convolution(convolution);
      if (isWinograd(convolution)) return winogradConvolution(tensors, kernels, convolution);
      return implicitGemm(tensors, kernels, convolution);
    },

    linear: async (layer) => (layer.bias.length % PANEL === 0 ? linear(layer) : plain.linear(layer)),

    layerNorm: async (norm) =>
      norm.width % 4 === 0 ? affine(tensors, norm, (x) => normalised(x, norm)) : plain.layerNorm(norm),

    async attention({ qkv, width, heads, queries }) {
      const project = linear(qkv);
      return (x) => {
        const projected = asTokens(project(x));
        return kernels.attend(projected, queries ?? projected.shape[1], width, width / heads);
      };
    },

    squeezeExcite: async (squeeze) =>
      isDepthwise(squeeze.convolution) && squeeze.convolution.outputs % PANEL === 0
        ? squeezedDepthwise(tensors, kernels, squeeze)
        : plain.squeezeExcite(squeeze),
  };
}

/** The layers, given whole tensors: TensorFlow.js knows nothing of a team's parts. A whole network gives a whole result. */
function fedWith(layers: Layers<tf.Tensor>, { whole }: WasmKernels): Layers<tf.Tensor> {
  const fed = async (making: Promise<Layer<tf.Tensor>>): Promise<Layer<tf.Tensor>> => {
    const layer = await making;
    return (x, residual) => layer(whole(x), residual && whole(residual));
  };
  return {
    convolution: (convolution) => fed(layers.convolution(convolution)),
    linear: (linear) => fed(layers.linear(linear)),
    layerNorm: (norm) => fed(layers.layerNorm(norm)),
    attention: (attention) => fed(layers.attention(attention)),
    attentionPool: (pool) => fed(layers.attentionPool(pool)),
    squeezeExcite: (squeeze) => fed(layers.squeezeExcite(squeeze)),
    tokens: (tokens) => fed(layers.tokens(tokens)),
    meanPool: (x) => layers.meanPool(whole(x)),
    maxPool: (x, kernel, stride) => layers.maxPool(whole(x), kernel, stride),
    firstTokens: (x, count) => layers.firstTokens(whole(x), count),
    meanToken: (x, begin) => layers.meanToken(whole(x), begin),
    add: (x, y) => layers.add(whole(x), whole(y)),
    sequence(x, steps, told) {
      const y = layers.sequence(x, steps, told);
      return told ? whole(y) : y;
    },
  };
}
