import * as tf from '@tensorflow/tfjs';
import type { NormedLayer } from '../convolution.ts';
import type { Parameters } from '../parameters.ts';
import type { Activation, WasmKernels } from './kernels.ts';
import { inPanels } from './panels.ts';
import { type Geometry, geometry, tapOffsets } from './taps.ts';

/** Below so many channels, a row of the filter is one tap of an image that is padded beforehand: long runs are faster. */
const FEW_CHANNELS = 8;

export interface FoldedConvolution {
  /** [H, W, I, O], the batch norm folded into it; O is a multiple of 8. */
  readonly filter: Float32Array;
  readonly bias: tf.Tensor1D;
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: 'symmetric' | 'same';
  readonly activation: Activation;
}

/** A convolution as one matrix product whose rows gather their inputs where they lie. */
export function gatheringConvolution(
  parameters: Parameters,
  kernels: WasmKernels,
  { filter, bias, inputs, outputs, kernel, stride, padding, activation }: FoldedConvolution,
): NormedLayer {
  const panels = parameters.tensor<tf.Rank.R1>(inPanels(filter, outputs), [filter.length]);
  const zeros = parameters.tensor<tf.Rank.R1>(new Float32Array(inputs), [inputs]);
  const tables = new Map<string, tf.Tensor>();
  const tableFor = (shape: Geometry) => {
    const key = String([shape.height, shape.width]);
    const kept = tables.get(key) ?? parameters.own(tf.tensor1d(tapOffsets(shape), 'int32'));
    tables.set(key, kept);
    return kept;
  };
  const byRow = inputs < FEW_CHANNELS;
  return (x, residual) => {
    const [images, height, width] = x.shape;
    const whole = geometry({ height, width, channels: inputs, kernel, stride, padding });
    const shape = [images, whole.outHeight, whole.outWidth, outputs];
    const product = { panels, bias, shape, residual, activation };
    const run = () => {
      if (kernel === 1 && stride === 1) return kernels.multiply({ ...product, x, inputs });
      if (!byRow) {
        const taps = { table: tableFor(whole), count: kernel * kernel, zeros };
        return kernels.multiply({ ...product, x, inputs, taps });
      }
      const { above, below, left, right } = whole;
      const padded = tf.pad(x, [
        [0, 0],
        [above, below],
        [left, right],
        [0, 0],
      ]);
      const [, paddedHeight, paddedWidth] = padded.shape;
      const rows = { ...whole, height: paddedHeight, width: paddedWidth, above: 0, left: 0, columns: 1 };
      const taps = { table: tableFor(rows), count: kernel, zeros };
      return kernels.multiply({ ...product, x: padded, inputs: kernel * inputs, taps });
    };
    return tf.tidy(() => tf.reshape<tf.Rank.R4>(run(), [images, whole.outHeight, whole.outWidth, outputs]));
  };
}
