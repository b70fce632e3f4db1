import * as tf from '@tensorflow/tfjs';
import { type Affine, batchNormAffine, foldConvolution } from './fold.ts';
import type { OnStep } from './network.ts';
import type { Parameters } from './parameters.ts';
import { gatheringConvolution } from './wasm/convolution.ts';
import { wasmKernels } from './wasm/kernels.ts';
import { silu } from './webgpu/activations.ts';

/** Activations [N, H, W, C] → activations. Returns a new tensor; the input stays the caller's. */
export type Layer = (x: tf.Tensor4D) => tf.Tensor4D;

/** The same; `residual`, of the result's shape, is added before the activation. */
export type NormedLayer = (x: tf.Tensor4D, residual?: tf.Tensor4D) => tf.Tensor4D;

/** What all convolutions of a network agree on. */
export interface ConvolutionStyle {
  /** Evenly on both sides, or as TensorFlow does ('same': at stride 2 the odd pixel right and below). */
  readonly padding: 'symmetric' | 'same';
  /** Batch norm's ε. */
  readonly epsilon: number;
}

export interface ConvolutionShape {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly activation?: 'linear' | 'relu' | 'silu';
  /** One filter a channel; `inputs` equals `outputs`. */
  readonly depthwise?: boolean;
}

/**
 * A convolution without bias, its batch norm and its activation (timm's `ConvNormAct`), as one fused operation.
 * @throws AppError 'weights-mismatch'.
 */
export async function normedConvolution(
  parameters: Parameters,
  [name, norm]: readonly [name: string, norm: string],
  { inputs, outputs, kernel, stride = 1, activation = 'linear', depthwise = false }: ConvolutionShape,
  { padding, epsilon }: ConvolutionStyle,
): Promise<NormedLayer> {
  const shape = [outputs, depthwise ? 1 : inputs, kernel, kernel] as const;
  const weight = await parameters.read(`${name}.weight`, shape);
  const { scale, shift } = await readBatchNorm(parameters, norm, outputs, epsilon);
  const bias = parameters.tensor<tf.Rank.R1>(Float32Array.from(shift), [outputs]);
  const folded = foldConvolution(weight, shape, scale);
  const kernels = wasmKernels();
  if (kernels && !depthwise) {
    const convolution = { filter: folded, bias, inputs, outputs, kernel, stride, padding, activation };
    return gatheringConvolution(parameters, kernels, convolution);
  }
  const filter = parameters.tensor<tf.Rank.R4>(
    folded,
    depthwise ? [kernel, kernel, outputs, 1] : [kernel, kernel, inputs, outputs],
  );
  const convolve = depthwise ? tf.fused.depthwiseConv2d : tf.fused.conv2d;
  const common = { filter, bias, strides: stride, pad: padding === 'same' ? ('same' as const) : (kernel - 1) / 2 };
  return (x, residual) => {
    if (activation === 'relu' && !residual) return convolve({ ...common, x, activation });
    const y = convolve({ ...common, x });
    if (kernels && !residual) kernels.activate(y, activation);
    return kernels && !residual ? y : activated(residual ? tf.add(y, residual) : y, activation);
  };
}

function activated(x: tf.Tensor4D, activation: 'linear' | 'relu' | 'silu'): tf.Tensor4D {
  if (activation === 'relu') return tf.relu(x);
  return activation === 'silu' ? silu(x) : x;
}

/**
 * Squeeze-and-excitation (Hu et al. 2018): every channel is scaled by what the means of all channels say. timm's
 * `SqueezeExcite`.
 * @throws AppError 'weights-mismatch'.
 */
export async function squeezeExcite(
  parameters: Parameters,
  name: string,
  channels: number,
  reduced: number,
): Promise<Layer> {
  const reduce = await pointwise(parameters, `${name}.conv_reduce`, channels, reduced);
  const expand = await pointwise(parameters, `${name}.conv_expand`, reduced, channels);
  const gates: Layer = (x) => tf.sigmoid(expand(silu(reduce(globalMean(x)))));
  const kernels = wasmKernels();
  return kernels ? (x) => kernels.scale(x, gates(x)) : (x) => tf.mul(x, gates(x));
}

/** Mean over height and width, [N, H, W, C] → [N, 1, 1, C]. tf.mean transposes first on WASM: ten times slower. */
export function globalMean(x: tf.Tensor4D): tf.Tensor4D {
  return tf.avgPool(x, [x.shape[1], x.shape[2]], 1, 'valid');
}

/** Layers one after the other; what lies between two is freed at once. */
export function inSequence(layers: readonly Layer[], onStep: OnStep = () => {}): Layer {
  return (input) => {
    let x = input;
    for (const layer of layers) {
      const y = tf.tidy(() => layer(x));
      if (x !== input) x.dispose();
      x = y;
      onStep();
    }
    return x;
  };
}

async function pointwise(parameters: Parameters, name: string, inputs: number, outputs: number): Promise<Layer> {
  const shape = [outputs, inputs, 1, 1] as const;
  const weight = await parameters.read(`${name}.weight`, shape);
  const filter = parameters.tensor<tf.Rank.R4>(foldConvolution(weight, shape, null), [1, 1, inputs, outputs]);
  const bias = parameters.tensor<tf.Rank.R1>(await parameters.read(`${name}.bias`, [outputs]), [outputs]);
  return (x) => tf.fused.conv2d({ x, filter, bias, strides: 1, pad: 'valid' });
}

async function readBatchNorm(parameters: Parameters, name: string, channels: number, epsilon: number): Promise<Affine> {
  const gamma = await parameters.read(`${name}.weight`, [channels]);
  const beta = await parameters.read(`${name}.bias`, [channels]);
  const mean = await parameters.read(`${name}.running_mean`, [channels]);
  const variance = await parameters.read(`${name}.running_var`, [channels]);
  return batchNormAffine(gamma, beta, mean, variance, epsilon);
}
