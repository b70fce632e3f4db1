import * as tf from '@tensorflow/tfjs';
import type { Convolution, Layer } from '../layers.ts';
import { asImages, type NetworkTensors } from '../tensors.ts';
import type { WasmKernels } from './kernels.ts';
import { packed, transformedFilter } from './packed.ts';
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
      const { above, below, left, right } = whole;
      const around: [number, number][] = [
        [0, 0],
        [above, below],
        [left, right],
        [0, 0],
      ];
      const padded = padding === 'none' ? x : tf.pad(kernels.whole(x), around);
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
