import * as tf from '@tensorflow/tfjs';
import type { Affine } from './fold.ts';
import { linear, readLinear, type TokenLayer } from './linear.ts';
import type { Parameters } from './parameters.ts';
import { type WasmKernels, wasmKernels } from './wasm/kernels.ts';
import { type WebgpuKernels, webgpuKernels } from './webgpu/kernels.ts';

/**
 * What the tokens `asking` [N, Q, D], which are the first of all `tokens` [N, T, D], gather from these: [N, Q, D], added to
 * `residual`. Inputs stay the caller's.
 */
export type Attention = (asking: tf.Tensor3D, tokens: tf.Tensor3D, residual: tf.Tensor3D) => tf.Tensor3D;

type Gathering = (asking: tf.Tensor3D, tokens: tf.Tensor3D) => tf.Tensor3D;

/**
 * Multi-head attention (Vaswani et al. 2017, §3.2), timm's `Attention`, with the affine half of the layer norm before
 * it and the scores' 1/√d folded into its weights.
 * @throws AppError 'weights-mismatch'.
 */
export async function attention(
  parameters: Parameters,
  name: string,
  width: number,
  heads: number,
  before: Affine,
): Promise<Attention> {
  const qkv = await readLinear(parameters, `${name}.qkv`, width, 3 * width);
  const depth = width / heads;
  /** Outputs `begin` to `begin + count` of the layer that timm keeps queries, keys and values in. */
  const rows = (begin: number, count: number, factor = 1) =>
    linear(
      parameters,
      qkv.weight.subarray(begin * width, (begin + count) * width),
      qkv.bias.subarray(begin, begin + count),
      { before, factor },
    );
  const projections = (head: number, count: number): Projections => ({
    query: rows(head * depth, count, 1 / Math.sqrt(depth)),
    key: rows(width + head * depth, count),
    value: rows(2 * width + head * depth, count),
  });
  const kernels = wasmKernels() ?? webgpuKernels();
  const gather = kernels
    ? inOneCall(parameters, kernels, qkv, { width, depth, before })
    : tf.getBackend() === 'wasm'
      ? headByHead(Array.from({ length: heads }, (_, head) => projections(head, depth)))
      : allHeads(projections(0, width), heads);
  const output = await readLinear(parameters, `${name}.proj`, width, width);
  const project = linear(parameters, output.weight, output.bias);
  return (asking, tokens, residual) => project(gather(asking, tokens), residual);
}

/** For our own kernels: queries, keys and values by one product, the rest by one call. */
function inOneCall(
  parameters: Parameters,
  kernels: WasmKernels | WebgpuKernels,
  { weight, bias }: { readonly weight: Float32Array; readonly bias: Float32Array },
  { width, depth, before }: { readonly width: number; readonly depth: number; readonly before: Affine },
): Gathering {
  const scaled = (values: Float32Array, queries: number) =>
    values.map((value, i) => (i < queries ? value / Math.sqrt(depth) : value));
  const project = linear(parameters, scaled(weight, width * width), scaled(bias, width), { before });
  return (asking, tokens) => kernels.attend(project(tokens), asking.shape[1], width, depth);
}

interface Projections {
  readonly query: TokenLayer;
  readonly key: TokenLayer;
  readonly value: TokenLayer;
}

/** For a GPU: few large operations, products batched over images and heads. */
function allHeads({ query, key, value }: Projections, heads: number): Gathering {
  const split = (x: tf.Tensor3D): tf.Tensor4D => {
    const [images, tokens, width] = x.shape;
    return tf.transpose(tf.reshape(x, [images, tokens, heads, width / heads]), [0, 2, 1, 3]);
  };
  return (asking, tokens) => {
    const scores = tf.matMul(split(query(asking)), split(key(tokens)), false, true);
    const gathered = tf.matMul(tf.softmax(scores), split(value(tokens)));
    return tf.reshape(tf.transpose(gathered, [0, 2, 1, 3]), asking.shape);
  };
}

/**
 * For WASM without our kernels, and one image: batched and transposed products, and slices, take slow paths there, so every head has
 * weights of its own.
 */
function headByHead(heads: readonly Projections[]): Gathering {
  const flat = (x: tf.Tensor3D): tf.Tensor2D => tf.reshape(x, [x.shape[1], x.shape[2]]);
  return (asking, tokens) => {
    const gathered = heads.map(({ query, key, value }) =>
      tf.tidy(() => {
        const scores = tf.matMul(flat(query(asking)), tf.transpose(flat(key(tokens))));
        return tf.matMul<tf.Tensor2D>(tf.softmax(scores), flat(value(tokens)));
      }),
    );
    return tf.reshape(tf.concat(gathered, 1), asking.shape);
  };
}
