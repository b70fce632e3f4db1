import * as tf from '@tensorflow/tfjs';
import { AppError } from '../../../errors.ts';
import type { Convolution, Layer, Linear, SqueezeExcite } from '../layers.ts';
import { asImages, type NetworkTensors } from '../tensors.ts';
import type { DepthwiseConvolution, WasmKernels } from './kernels.ts';
import { PANEL, packed, packedDepthwise, transformedFilter } from './packed.ts';
import { type Geometry, geometry, tapOffsets } from './taps.ts';

/** Below this many channels, a row of the filter is one tap of an image that is padded beforehand: long runs are faster. */
const FEW_CHANNELS = 8;

/**
 * A convolution as implicit GEMM: one matrix product whose rows gather their inputs where they lie. The number of outputs
 * is a multiple of 8.
 */
export function implicitGemm(
  tensors: NetworkTensors,
  kernels: WasmKernels,
  { filter, bias, inputs, outputs, kernel, stride, padding, activation }: Convolution,
): Layer<tf.Tensor> {
  const weights = tensors.tensor<tf.Rank.R1>(packed(filter, outputs), [filter.length]);
  const shift = tensors.tensor<tf.Rank.R1>(bias, [outputs]);
  const zeros = tensors.tensor<tf.Rank.R1>(new Float32Array(inputs), [inputs]);
  const tables = new Map<string, tf.Tensor>();
  const tableFor = (shape: Geometry) => {
    const key = String([shape.height, shape.width]);
    const kept = tables.get(key) ?? tensors.own(tf.tensor1d(tapOffsets(shape), 'int32'));
    tables.set(key, kept);
    return kept;
  };
  const byRow = inputs < FEW_CHANNELS;
  return (input, residual) => {
    const x = asImages(input);
    const [images, height, width] = x.shape;
    const whole = geometry({ height, width, channels: inputs, kernel, stride, padding });
    const shape = [images, whole.outHeight, whole.outWidth, outputs];
    const product = { packed: weights, bias: shift, shape, residual, activation };
    if (kernel === 1 && stride === 1) return kernels.multiply({ ...product, x, inputs });
    if (!byRow) {
      const taps = { table: tableFor(whole), count: kernel * kernel, zeros, shape: whole };
      return kernels.multiply({ ...product, x, inputs, taps });
    }
    return tf.tidy(() => {
      const padded = padding === 'none' ? x : kernels.pad(x, whole);
      const [, paddedHeight, paddedWidth] = padded.shape;
      const rows = { ...whole, height: paddedHeight, width: paddedWidth, above: 0, left: 0, columns: 1 };
      const taps = { table: tableFor(rows), count: kernel, zeros, shape: rows };
      return kernels.multiply({ ...product, x: padded, inputs: kernel * inputs, taps });
    });
  };
}

/** A 3 × 3 convolution of stride 1 with a quarter of the products. Its weights take four times the memory. */
export function winogradConvolution(
  tensors: NetworkTensors,
  kernels: WasmKernels,
  { filter, bias, inputs, outputs, activation }: Convolution,
): Layer<tf.Tensor> {
  const transformed = transformedFilter(filter, inputs, outputs);
  const weights = tensors.tensor<tf.Rank.R1>(transformed, [transformed.length]);
  const shift = tensors.tensor<tf.Rank.R1>(bias, [outputs]);
  return (x, residual) => kernels.winograd({ x: asImages(x), weights, bias: shift, outputs, residual, activation });
}

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
