import * as tf from '@tensorflow/tfjs';
import type { Geometry } from '../wasm/taps.ts';
import { uses } from './candidates.ts';
import { type Epilogue, epilogueKey } from './epilogue.ts';
import { PATCHES_UNIFORMS, type ProductText, productWgsl, type Rows, sharedProductWgsl } from './product-wgsl.ts';
import { dispatched, type Program } from './program.ts';
import { LARGE, SHARED_LARGE, SHARED_SMALL, SMALL, workgroupsOf } from './tiles.ts';

/**
 * Of a layer: its weights [taps · inputs, outputs], outputs a multiple of 4, or halves as `packedHalves` makes them,
 * [taps · inputs, outputs / 2]; its bias [outputs], and what it ends with.
 */
export interface Weights {
  readonly matrix: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
  readonly activation: Epilogue['activation'];
}

/**
 * activation(a · matrix + bias + residual), [rows, inputs] → [rows, outputs] in one dispatch; inputs are a multiple of 4, the
 * residual is laid out as the result. Inputs stay the caller's.
 */
export function product(a: tf.Tensor2D, weights: Weights, residual?: tf.Tensor): tf.Tensor2D {
  const [rows, inputs] = a.shape;
  if (inputs % 4 !== 0 || weights.matrix.shape[0] !== inputs) throw new Error('The product wants rows of fours.');
  return multiplied(a, 'matrix', { rows, weights, residual });
}

/**
 * activation(x ∗ filter + bias + residual) of images [N, H, W, inputs] → [N, H′, W′, outputs] in one dispatch: an implicit
 * product of the image's patches, which is not made, with the filter [kernel · kernel · inputs, outputs]. Inputs stay the
 * caller's.
 */
export function convolution(x: tf.Tensor4D, shape: Geometry, weights: Weights, residual?: tf.Tensor): tf.Tensor4D {
  const [images, height, width, inputs] = x.shape;
  const { rows: kernel, stride, outHeight, outWidth, above, left } = shape;
  if (height !== shape.height || width !== shape.width || weights.matrix.shape[0] !== kernel * kernel * inputs) {
    throw new Error('The convolution has another shape.');
  }
  const y = multiplied(
    x,
    { kernel, stride },
    {
      ...{ rows: images * outHeight * outWidth, weights, residual },
      geometry: [outHeight, outWidth, above, left],
    },
  );
  return tf.reshape<tf.Rank.R4>(y, [images, outHeight, outWidth, weights.bias.size]);
}

interface Call {
  readonly rows: number;
  readonly weights: Weights;
  readonly residual: tf.Tensor | undefined;
  readonly geometry?: readonly number[];
}

function multiplied(a: tf.Tensor, kind: Rows, { rows, weights, residual, geometry }: Call): tf.Tensor2D {
  const { matrix, bias, activation } = weights;
  const outputs = bias.size;
  if (outputs % 4 !== 0) throw new Error('The product wants fours of outputs.');
  if (residual && residual.size !== rows * outputs) throw new Error('The residual has another shape than the result.');
  const lanes = (a.shape.at(-1) ?? 0) % 4 === 0 ? 4 : 1;
  // Tiles are read by fours.
  const shared = uses('workgroup-tiles') && lanes === 4;
  const [large, small] = shared ? [SHARED_LARGE, SHARED_SMALL] : [LARGE, SMALL];
  // With the places of eight patches a thread, SwiftShader compiles for seventeen seconds.
  const tiles = uses('small-tiles') || (kind !== 'matrix' && !shared) ? small : large;
  const text: ProductText = {
    ...{ rows: kind, tiles, lanes, epilogue: { activation, residual: residual !== undefined } },
    number: uses('half-precision') ? 'f16' : 'f32',
    weights: matrix.dtype === 'int32' ? 'halves' : 'singles',
  };
  const taps = kind === 'matrix' ? 'matrix' : `${kind.kernel}_${kind.stride}`;
  const program: Program = {
    shaderKey: `likeness_product_${taps}_${shared}_${tiles.rows}_${lanes}_${text.number}_${text.weights}_${epilogueKey(text.epilogue)}`,
    variableNames: ['A', 'B', 'bias', ...(residual ? ['residual'] : [])],
    variableComponents: [lanes, text.weights === 'halves' ? 2 : 4, 4, ...(residual ? [4] : [])],
    ...(geometry ? { uniforms: PATCHES_UNIFORMS } : {}),
    outputShape: [rows, outputs],
    outputComponent: 4,
    workgroupSize: [tiles.across, tiles.down, 1],
    dispatchLayout: { x: [1], y: [0] },
    dispatch: workgroupsOf(tiles, outputs, rows),
    getUserCode: () => (shared ? sharedProductWgsl(text) : productWgsl(text)),
  };
  const y = dispatched(
    program,
    [a, matrix, bias, ...(residual ? [tf.reshape(residual, [rows, outputs])] : [])],
    geometry ? [{ type: 'int32', data: geometry }] : [],
  );
  return tf.reshape<tf.Rank.R2>(y, [rows, outputs]);
}
