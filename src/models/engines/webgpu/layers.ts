import * as tf from '@tensorflow/tfjs';
import { packedHalves } from '../../../math/half.ts';
import type { Activation, Convolution, Layer, Layers, Linear, SqueezeExcite } from '../layers.ts';
import { activated, affine, gatesOf, plainLayers } from '../plain-layers.ts';
import { asImages, asTokens, type NetworkTensors, type OnStep } from '../tensors.ts';
import { geometry } from '../wasm/taps.ts';
import { hardSwish, silu } from './activations.ts';
import { DEPTH } from './attention.ts';
import { uses } from './candidates.ts';
import { depthwise } from './depthwise.ts';
import { testedWebgpuKernels } from './kernels.ts';
import { convolution, product } from './product.ts';
import { squeezed } from './squeeze.ts';

/** Dispatches after which TensorFlow.js hands them to the card: as it has it, and more than any network has. */
const [USUAL_PASS, WHOLE_PASS] = [15, 1e6];

/** Layers of TensorFlow.js's products and convolutions, with our own kernels for what it has none for. */
export function webgpuLayers(tensors: NetworkTensors, onStep: OnStep): Layers<tf.Tensor> {
  tf.env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', uses('one-submission') ? WHOLE_PASS : USUAL_PASS);
  const plain = plainLayers(tensors, onStep, activate);

  const matrixOf = (weights: Float32Array, inputs: number, outputs: number): tf.Tensor2D =>
    uses('half-weights')
      ? tensors.tensor<tf.Rank.R2>(packedHalves(weights), [inputs, outputs / 2])
      : tensors.tensor<tf.Rank.R2>(weights, [inputs, outputs]);

  /** In one dispatch each, where a candidate is chosen that has the layer's kind and shape. */
  function fusedLinear({ kernel, bias, activation }: Linear): Layer<tf.Tensor> | null {
    const outputs = bias.length;
    const inputs = kernel.length / outputs;
    if (!uses('fused-product') || inputs % 4 !== 0 || outputs % 4 !== 0) return null;
    const weights = {
      matrix: matrixOf(kernel, inputs, outputs),
      bias: tensors.tensor<tf.Rank.R1>(bias, [outputs]),
      activation,
    };
    return (x, residual) => {
      const rows = tf.reshape<tf.Rank.R2>(x, [x.size / inputs, inputs]);
      return tf.reshape(product(rows, weights, residual), [...x.shape.slice(0, -1), outputs]);
    };
  }

  function fusedConvolution(layer: Convolution): Layer<tf.Tensor> | null {
    const { filter, bias, inputs, outputs, kernel, stride, padding, activation } = layer;
    if (layer.depthwise) return fusedDepthwise(layer);
    if (kernel === 1 && stride === 1) return fusedLinear({ kernel: filter, bias, activation });
    if (!uses('fused-convolution') || outputs % 4 !== 0) return null;
    const weights = {
      matrix: matrixOf(filter, kernel * kernel * inputs, outputs),
      bias: tensors.tensor<tf.Rank.R1>(bias, [outputs]),
      activation,
    };
    return (x, residual) => {
      const images = asImages(x);
      const [, height, width, channels] = images.shape;
      return convolution(images, geometry({ height, width, channels, kernel, stride, padding }), weights, residual);
    };
  }

  function fusedDepthwise({ filter, bias, outputs, kernel, stride, padding, activation }: Convolution) {
    if (!uses('fused-depthwise') || outputs % 4 !== 0) return null;
    const weights = {
      filter: tensors.tensor<tf.Rank.R4>(filter, [kernel, kernel, outputs, 1]),
      bias: tensors.tensor<tf.Rank.R1>(bias, [outputs]),
      activation,
    };
    return (x: tf.Tensor) => {
      const images = asImages(x);
      const [, height, width, channels] = images.shape;
      return depthwise(images, geometry({ height, width, channels, kernel, stride, padding }), weights);
    };
  }

  async function squeezeInTwo(squeeze: SqueezeExcite): Promise<Layer<tf.Tensor>> {
    const { convolution: before, reduce, expand, gate } = squeeze;
    const convolve = await convolutionOf(before);
    const [channels, reduced] = [expand.bias.length, reduce.bias.length];
    const weights = {
      reduce: tensors.tensor<tf.Rank.R2>(reduce.kernel, [channels, reduced]),
      reduceBias: tensors.tensor<tf.Rank.R1>(reduce.bias, [reduced]),
      expand: tensors.tensor<tf.Rank.R2>(expand.kernel, [reduced, channels]),
      expandBias: tensors.tensor<tf.Rank.R1>(expand.bias, [channels]),
      ...{ activation: reduce.activation, gate },
    };
    return (x) => squeezed(asImages(convolve(x)), weights);
  }

  /** Where a layer's width is not one that the kernels compute right, it falls back by itself. */
  async function linear(layer: Linear): Promise<Layer<tf.Tensor>> {
    const fused = fusedLinear(layer);
    if (fused) return fused;
    const inputs = layer.kernel.length / layer.bias.length;
    const kernels = layer.activation === 'gelu' ? await testedWebgpuKernels(inputs) : null;
    if (!kernels) return plain.linear(layer);
    const multiply = await plain.linear({ ...layer, activation: 'linear' });
    return (x) => kernels.gelu(multiply(x));
  }

  const convolutionOf = async (layer: Convolution) => fusedConvolution(layer) ?? plain.convolution(layer);

  return {
    ...plain,
    linear,
    convolution: convolutionOf,

    async squeezeExcite(squeeze) {
      const { convolution: before, reduce, expand, gate } = squeeze;
      if (uses('squeeze-in-two') && before.outputs % 4 === 0) return squeezeInTwo(squeeze);
      const convolve = await convolutionOf(before);
      const gates = gatesOf(await linear(reduce), await linear(expand), gate);
      return (x) => {
        const y = convolve(x);
        return tf.mul(y, gates(y));
      };
    },

    async layerNorm(norm) {
      const kernels = norm.width % 4 === 0 ? await testedWebgpuKernels(norm.width) : null;
      return kernels ? affine(tensors, norm, (x) => kernels.layerNorm(x, norm.epsilon)) : plain.layerNorm(norm);
    },

    async attention(attention) {
      const { qkv, width, heads, queries } = attention;
      const kernels = width / heads === DEPTH ? await testedWebgpuKernels(width) : null;
      if (!kernels) return plain.attention(attention);
      const project = await linear(qkv);
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
