import * as tf from '@tensorflow/tfjs';
import { foldLinear, type LinearFolds } from '../fold.ts';
import type { TokenLayer } from '../linear.ts';
import type { Parameters } from '../parameters.ts';
import type { Activation, WasmKernels } from './kernels.ts';
import { inPanels } from './panels.ts';

/** linear() by our own product, with an activation; the number of outputs is a multiple of 8. */
export function panelledLinear(
  parameters: Parameters,
  kernels: WasmKernels,
  weight: Float32Array,
  bias: Float32Array,
  folds: LinearFolds = {},
  activation: Activation = 'linear',
): TokenLayer {
  const outputs = bias.length;
  const inputs = weight.length / outputs;
  const folded = foldLinear(weight, bias, folds);
  const panels = parameters.tensor<tf.Rank.R1>(inPanels(folded.kernel, outputs), [weight.length]);
  const shift = parameters.tensor<tf.Rank.R1>(folded.bias, [outputs]);
  return (x, residual) => {
    const [images, tokens] = x.shape;
    const shape = [images, tokens, outputs];
    const y = kernels.multiply({ x, panels, bias: shift, shape, inputs, residual, activation });
    return tf.reshape<tf.Rank.R3>(y, [images, tokens, outputs]);
  };
}
