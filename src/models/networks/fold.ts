/**
 * Parameters rewritten while they are loaded, so that a forward pass has less to do: torch's layouts into those of
 * TensorFlow.js, and what is linear into its neighbour. Sums in double precision.
 */

import type { Affine } from '../engines/layers.ts';

/** Batch normalisation of inference (Ioffe & Szegedy 2015) as an affine map of each of its C channels. */
export function batchNormAffine(
  gamma: Float32Array,
  beta: Float32Array,
  mean: Float32Array,
  variance: Float32Array,
  epsilon: number,
): Affine {
  const scale = Float64Array.from(gamma, (weight, c) => weight / Math.sqrt(at(variance, c) + epsilon));
  const shift = Float64Array.from(beta, (bias, c) => bias - at(mean, c) * at(scale, c));
  return { scale, shift };
}

/**
 * A convolution's weight, torch's [O, I, H, W], as [H, W, I, O], every output's part scaled (null: as it is). A
 * depthwise weight [C, 1, H, W] becomes [H, W, C, 1] (the same order).
 */
export function foldConvolution(
  weight: Float32Array,
  [outputs, inputs, height, width]: readonly [number, number, number, number],
  scale: Float64Array | null,
): Float32Array {
  const kernel = new Float32Array(weight.length);
  const taps = height * width;
  let from = 0;
  for (let o = 0; o < outputs; o++) {
    const factor = scale ? at(scale, o) : 1;
    for (let i = 0; i < inputs; i++) {
      for (let tap = 0; tap < taps; tap++) kernel[(tap * inputs + i) * outputs + o] = at(weight, from++) * factor;
    }
  }
  return kernel;
}

/**
 * Takes the affine map of its inputs into a convolution that pads nothing: `weight` is torch's [O, I, H, W], changed in
 * place, the result its bias.
 */
export function foldBefore(
  weight: Float32Array,
  bias: Float32Array,
  { scale, shift }: Affine,
  taps: number,
): Float32Array {
  const inputs = scale.length;
  let from = 0;
  return bias.map((value) => {
    let sum = value;
    for (let i = 0; i < inputs; i++) {
      for (let tap = 0; tap < taps; tap++, from++) {
        sum += at(weight, from) * at(shift, i);
        weight[from] = at(weight, from) * at(scale, i);
      }
    }
    return sum;
  });
}

export interface LinearFolds {
  /** The affine map of the inputs that stands before the layer. */
  readonly before?: Affine;
  /** Factor on the layer's outputs, or one on each. */
  readonly factor?: number | Float64Array;
}

/** A linear layer's weight, torch's [out, in], as [in, out], and its bias [out], with the folds applied. */
export function foldLinear(
  weight: Float32Array,
  bias: Float32Array,
  { before, factor = 1 }: LinearFolds,
): { kernel: Float32Array; bias: Float32Array } {
  const outputs = bias.length;
  const inputs = weight.length / outputs;
  const kernel = new Float32Array(weight.length);
  const folded = new Float32Array(outputs);
  let from = 0;
  for (let o = 0; o < outputs; o++) {
    const own = typeof factor === 'number' ? factor : at(factor, o);
    let sum = at(bias, o);
    for (let i = 0; i < inputs; i++) {
      const value = at(weight, from++);
      kernel[i * outputs + o] = value * own * (before ? at(before.scale, i) : 1);
      if (before) sum += value * at(before.shift, i);
    }
    folded[o] = sum * own;
  }
  return { kernel, bias: folded };
}

function at(values: Float32Array | Float64Array, index: number): number {
  return values[index] ?? 0;
}
