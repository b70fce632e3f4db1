import * as tf from '@tensorflow/tfjs';
import { foldLinear, type LinearFolds } from './fold.ts';
import type { Parameters } from './parameters.ts';
import { wasmKernels } from './wasm/kernels.ts';
import { panelledLinear } from './wasm/linear.ts';

/**
 * Tokens [N, T, in] → [N, T, out]; `residual`, of the result's shape, is added. Returns a new tensor; inputs stay the
 * caller's.
 */
export type TokenLayer = (x: tf.Tensor3D, residual?: tf.Tensor3D) => tf.Tensor3D;

/**
 * A linear layer of torch's weight [out, in] and bias [out]. One product of two untransposed matrices: WASM is ten
 * times slower at any other.
 */
export function linear(
  parameters: Parameters,
  weight: Float32Array,
  bias: Float32Array,
  folds: LinearFolds = {},
): TokenLayer {
  const kernels = wasmKernels();
  if (kernels) return panelledLinear(parameters, kernels, weight, bias, folds);
  const outputs = bias.length;
  const inputs = weight.length / outputs;
  const folded = foldLinear(weight, bias, folds);
  const kernel = parameters.tensor<tf.Rank.R2>(folded.kernel, [inputs, outputs]);
  const shift = parameters.tensor<tf.Rank.R1>(folded.bias, [outputs]);
  return (x, residual) => {
    const [images, tokens] = x.shape;
    const product = tf.fused.matMul({ a: tf.reshape(x, [images * tokens, inputs]), b: kernel, bias: shift });
    const y = tf.reshape<tf.Rank.R3>(product, [images, tokens, outputs]);
    return residual ? tf.add(y, residual) : y;
  };
}

/** Reads `<name>.weight` [out, in] and `<name>.bias` [out]. */
export async function readLinear(
  parameters: Parameters,
  name: string,
  inputs: number,
  outputs: number,
): Promise<{ weight: Float32Array; bias: Float32Array }> {
  const weight = await parameters.read(`${name}.weight`, [outputs, inputs]);
  return { weight, bias: await parameters.read(`${name}.bias`, [outputs]) };
}
