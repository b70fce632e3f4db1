import type * as tf from '@tensorflow/tfjs';
import { AppError } from '../../../errors.ts';
import type { Convolution, Layer, Linear, SqueezeExcite } from '../layers.ts';
import { asImages, type NetworkTensors } from '../tensors.ts';
import type { DepthwiseConvolution, WasmKernels } from './kernels.ts';
import { PANEL, packed, packedDepthwise } from './packed.ts';
import { geometry } from './taps.ts';

/** Whether the kernels have the convolution. */
export function isDepthwise({ depthwise, outputs, stride }: Convolution): boolean {
  return depthwise && outputs % 4 === 0 && stride <= 2;
}

/** A filter a channel, with bias and activation in one pass. */
export function depthwiseConvolution(
  tensors: NetworkTensors,
  kernels: WasmKernels,
  convolution: Convolution,
): Layer<tf.Tensor> {
  const given = inputsOf(tensors, convolution);
  return (x, residual) => {
    if (residual) throw new AppError('internal', 'A depthwise convolution takes no residual.');
    return kernels.depthwise(given(x));
  };
}

/**
 * A depthwise convolution with squeeze-and-excitation behind it. The convolution sums up what is squeezed; two products of
 * a row an image make the gates. Channels are a multiple of a panel.
 */
export function squeezedDepthwise(
  tensors: NetworkTensors,
  kernels: WasmKernels,
  { convolution, reduce, expand, gate }: SqueezeExcite,
): Layer<tf.Tensor> {
  const given = inputsOf(tensors, convolution);
  const channels = convolution.outputs;
  const reduced = reduce.bias.length;
  const padded = Math.ceil(reduced / PANEL) * PANEL;
  const product = ({ kernel, bias }: Pick<Linear, 'kernel' | 'bias'>, outputs: number) => ({
    packed: tensors.tensor<tf.Rank.R1>(packed(kernel, outputs), [kernel.length]),
    bias: tensors.tensor<tf.Rank.R1>(bias, [outputs]),
  });
  const first = product(
    { kernel: widened(reduce.kernel, reduced, padded), bias: widened(reduce.bias, reduced, padded) },
    padded,
  );
  // What the added outputs are multiplied with is zero.
  const second = product(
    { kernel: widened(expand.kernel, expand.kernel.length, padded * channels), bias: expand.bias },
    channels,
  );
  return (x) => {
    const { y, means } = kernels.depthwiseWithMeans(given(x));
    const [images] = y.shape;
    const squeezed = kernels.multiply({
      ...{ ...first, x: means, inputs: channels, shape: [images, padded], activation: reduce.activation },
    });
    const ending = gate === 'clip' ? 'clip' : 'sigmoid';
    const gates = kernels.multiply({
      ...{ ...second, x: squeezed, inputs: padded, shape: [images, channels], activation: ending },
    });
    kernels.scale(y, gates);
    return y;
  };
}

function inputsOf(
  tensors: NetworkTensors,
  { filter, bias, outputs: channels, kernel, stride, padding, activation }: Convolution,
): (x: tf.Tensor) => DepthwiseConvolution {
  const weights = tensors.tensor<tf.Rank.R1>(packedDepthwise(filter, channels), [filter.length]);
  const shift = tensors.tensor<tf.Rank.R1>(bias, [channels]);
  return (input) => {
    const x = asImages(input);
    const [, height, width] = x.shape;
    const shape = geometry({ height, width, channels, kernel, stride, padding });
    return { x, filter: weights, bias: shift, shape, activation };
  };
}

/** Rows of `from` numbers as rows of `to`, zeros behind. */
function widened(rows: Float32Array, from: number, to: number): Float32Array<ArrayBuffer> {
  const result = new Float32Array((rows.length / from) * to);
  for (let row = 0; row * from < rows.length; row++) result.set(rows.subarray(row * from, (row + 1) * from), row * to);
  return result;
}
