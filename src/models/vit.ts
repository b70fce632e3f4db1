/** Vision Transformer (Dosovitskiy et al. 2021) and DeiT (Touvron et al. 2021). After timm's vision_transformer.py. */
import * as tf from '@tensorflow/tfjs';
import { attention } from './attention.ts';
import { type Affine, foldConvolution } from './fold.ts';
import { linear, readLinear, type TokenLayer } from './linear.ts';
import type { Forward, Network, OnStep } from './network.ts';
import type { Parameters } from './parameters.ts';
import { wasmKernels } from './wasm/kernels.ts';
import { panelledLinear } from './wasm/linear.ts';
import { testWebgpuKernels, webgpuKernels } from './webgpu/kernels.ts';

const PATCH = 16;
/** Patches along a side of 224 pixels. */
const GRID = 14;
const DEPTH = 12;
/** Hidden units of a block's perceptron, as a multiple of the width. */
const EXPANSION = 4;
/** Layer norm's ε. */
const EPSILON = 1e-6;

interface Size {
  readonly width: number;
  readonly heads: number;
}

/** ViT-B/16, 768 features: the class token after the final norm. */
export const vitBasePatch16: Network = (parameters, onStep) => vit(parameters, onStep, { width: 768, heads: 12 });

/** DeiT-Tiny, the same with width 192. */
export const deitTinyPatch16: Network = (parameters, onStep) => vit(parameters, onStep, { width: 192, heads: 3 });

async function vit(parameters: Parameters, onStep: OnStep, { width, heads }: Size): ReturnType<Network> {
  await testWebgpuKernels(width);
  const embed = await patchEmbedding(parameters, width);
  const blocks: TokenLayer[] = [];
  for (let index = 0; index < DEPTH; index++) {
    blocks.push(await transformerBlock(parameters, `blocks.${index}`, { width, heads }, index === DEPTH - 1));
  }
  const norm = await readNorm(parameters, 'norm', width);
  const scale = parameters.tensor<tf.Rank.R1>(Float32Array.from(norm.scale), [width]);
  const shift = parameters.tensor<tf.Rank.R1>(Float32Array.from(norm.shift), [width]);
  const forward: Forward = (input) => {
    let tokens = embed(input);
    for (const block of blocks) {
      const next = tf.tidy(() => block(tokens));
      tokens.dispose();
      tokens = next;
      onStep();
    }
    return tf.reshape(tf.add(tf.mul(standardise(tokens), scale), shift), [input.shape[0], width]);
  };
  return tf.getBackend() === 'wasm' && !wasmKernels() ? imageByImage(forward) : forward;
}

/** Patches as tokens [N, 197, D] with their positions, the class token first. */
async function patchEmbedding(parameters: Parameters, width: number): Promise<(input: tf.Tensor4D) => tf.Tensor3D> {
  const weight = await parameters.read('patch_embed.proj.weight', [width, 3, PATCH, PATCH]);
  const bias = await parameters.read('patch_embed.proj.bias', [width]);
  const token = await parameters.read('cls_token', [1, 1, width]);
  const positions = await parameters.read('pos_embed', [1, 1 + GRID * GRID, width]);
  const kernel = foldConvolution(weight, [width, 3, PATCH, PATCH], null);
  const filter = parameters.tensor<tf.Rank.R4>(kernel, [PATCH, PATCH, 3, width]);
  const filterBias = parameters.tensor<tf.Rank.R1>(bias, [width]);
  const first = token.map((value, i) => value + (positions[i] ?? 0));
  const classToken = parameters.tensor<tf.Rank.R3>(first, [1, 1, width]);
  const places = parameters.tensor<tf.Rank.R3>(positions.subarray(width), [1, GRID * GRID, width]);
  return (input) =>
    tf.tidy(() => {
      const images = input.shape[0];
      const patches = tf.fused.conv2d({ x: input, filter, bias: filterBias, strides: PATCH, pad: 'valid' });
      const placed = tf.add<tf.Tensor3D>(tf.reshape(patches, [images, GRID * GRID, width]), places);
      return tf.concat([tf.tile(classToken, [images, 1, 1]), placed], 1);
    });
}

/** Attention and a perceptron, each added to its input. The last block computes only what is used: the class token. */
async function transformerBlock(
  parameters: Parameters,
  name: string,
  { width, heads }: Size,
  last: boolean,
): Promise<TokenLayer> {
  const attentionNorm = await readNorm(parameters, `${name}.norm1`, width);
  const attend = await attention(parameters, `${name}.attn`, width, heads, attentionNorm);
  const perceive = await perceptron(
    parameters,
    `${name}.mlp`,
    width,
    await readNorm(parameters, `${name}.norm2`, width),
  );
  const asking = last ? classTokenOf : (x: tf.Tensor3D) => x;
  return (x) => {
    const normed = standardise(x);
    const attended = attend(asking(normed), normed, asking(x));
    return perceive(standardise(attended), attended);
  };
}

/**
 * Linear, GELU (Hendrycks & Gimpel 2016, with the exact erf), linear. With g = h/√2, gelu(h) = √½ · (g + g · erf g):
 * both factors are folded into the layers. Our own kernels
 * have GELU itself.
 */
async function perceptron(parameters: Parameters, name: string, width: number, before: Affine): Promise<TokenLayer> {
  const hidden = width * EXPANSION;
  const first = await readLinear(parameters, `${name}.fc1`, width, hidden);
  const second = await readLinear(parameters, `${name}.fc2`, hidden, width);
  const kernels = wasmKernels();
  if (kernels) {
    const activated = panelledLinear(parameters, kernels, first.weight, first.bias, { before }, 'gelu');
    const project = panelledLinear(parameters, kernels, second.weight, second.bias);
    return (x, residual) => project(activated(x), residual);
  }
  const onCard = webgpuKernels();
  if (onCard) {
    const widen = linear(parameters, first.weight, first.bias, { before });
    const narrow = linear(parameters, second.weight, second.bias);
    return (x, residual) => narrow(onCard.gelu(widen(x)), residual);
  }
  const widen = linear(parameters, first.weight, first.bias, { before, factor: Math.SQRT1_2 });
  const narrow = linear(parameters, second.weight, second.bias, {
    before: { scale: new Float64Array(hidden).fill(Math.SQRT1_2), shift: new Float64Array(hidden) },
  });
  return (x, residual) => {
    const g = widen(x);
    return narrow(tf.add(g, tf.mul(g, tf.erf(g))), residual);
  };
}

/** Layer norm (Ba et al. 2016) without its affine half, which is folded into the layer behind it. */
function standardise(x: tf.Tensor3D): tf.Tensor3D {
  const kernels = wasmKernels() ?? webgpuKernels();
  if (kernels) return kernels.standardise(x, EPSILON);
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  return tf.mul(centred, tf.rsqrt(tf.add(variance, EPSILON)));
}

async function readNorm(parameters: Parameters, name: string, width: number): Promise<Affine> {
  const scale = Float64Array.from(await parameters.read(`${name}.weight`, [width]));
  return { scale, shift: Float64Array.from(await parameters.read(`${name}.bias`, [width])) };
}

function classTokenOf(x: tf.Tensor3D): tf.Tensor3D {
  return tf.slice(x, [0, 0, 0], [-1, 1, -1]);
}

/** On WASM without our kernels a batch gains nothing: one image's 197 tokens fill the matrix products, and stay in the processor's cache. */
function imageByImage(forward: Forward): Forward {
  return (input) => {
    if (input.shape[0] === 1) return forward(input);
    return tf.concat(tf.split<tf.Tensor4D>(input, input.shape[0]).map((image) => tf.tidy(() => forward(image))));
  };
}
