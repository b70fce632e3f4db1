import type * as tf from '@tensorflow/tfjs';
import type { Layer, Layers, Linear } from '../layers.ts';
import { activated, affine, plainLayers } from '../plain-layers.ts';
import { asTokens, type NetworkTensors, type OnStep } from '../tensors.ts';
import { implicitGemm, winogradConvolution } from './convolution.ts';
import { depthwiseConvolution, isDepthwise, squeezedDepthwise } from './depthwise.ts';
import type { WasmKernels } from './kernels.ts';
import { isWinograd, PANEL, packed } from './packed.ts';

/** Layers of our own kernels, as far as they go: TensorFlow.js does the rest in the same memory. */
export function wasmLayers(tensors: NetworkTensors, onStep: OnStep, kernels: WasmKernels): Layers<tf.Tensor> {
  const plain = plainLayers(tensors, onStep, (x, activation) => {
    if (x.size % 4 !== 0) return activated(x, activation);
    // In place: fresh from TensorFlow.js's kernel, nothing else holds it.
    if (activation !== 'linear') kernels.activate(x, activation);
    return x;
  });

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
      norm.width % 4 === 0 ? affine(tensors, norm, (x) => kernels.layerNorm(x, norm.epsilon)) : plain.layerNorm(norm),

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
