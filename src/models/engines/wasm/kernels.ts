import * as tf from '@tensorflow/tfjs';
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { AppError } from '../../../errors.ts';
import type { Activation } from '../layers.ts';
import { fetchKernels, type Kernel, type KernelChoice } from './binary.ts';
import type { Geometry } from './taps.ts';

/** What a kernel can end with: a layer's activation, or what makes gates of sums. */
export type Ending = Activation | 'sigmoid' | 'clip';

/** Numbered as activations.ts of scripts/build-kernels/assembly does. */
const ENDINGS: Readonly<Record<Ending, number>> = {
  ...{ linear: 0, relu: 1, silu: 2, gelu: 3, 'hard-swish': 4 },
  ...{ sigmoid: 5, clip: 6 },
};

/** As in depthwise.ts there: outputs of a row that are computed together, and channels that lie in its scratch at a time. */
const [TILE, GROUP] = [7, 128];
/** As in winograd.ts there: outputs and inputs of a tile along a side, and channels that its scratch holds. */
const [OUT, IN, RUN] = [4, 6, 64];
/** Tiles that are taken at a time: some, so that the weights pass seldom, and few, so that what is made of them stays in the caches. */
const TILES = 48;

/** activation(x · weights + bias + residual), a row of the result after the other. */
export interface Product {
  readonly x: tf.Tensor;
  /** See packed(). */
  readonly packed: tf.Tensor;
  readonly bias: tf.Tensor;
  /** Of the result: images first, outputs last. */
  readonly shape: readonly number[];
  /** Numbers of x that lie side by side: a row's, or with `taps` those of each. */
  readonly inputs: number;
  /** Where an image's rows find their inputs, in bytes [rows, count], −1 for `zeros`. Without it, rows lie one after the other. */
  readonly taps?: { readonly table: tf.Tensor; readonly count: number; readonly zeros: tf.Tensor };
  readonly residual?: tf.Tensor | undefined;
  readonly activation: Ending;
}

/** activation(x convolved with a filter a channel + bias); channels are a multiple of 4. */
export interface DepthwiseConvolution {
  readonly x: tf.Tensor4D;
  /** [channels / 4][kernel²][4] */
  readonly filter: tf.Tensor;
  readonly bias: tf.Tensor;
  readonly shape: Geometry;
  readonly activation: Activation;
}

/** activation(x convolved with 3 × 3 filters, padded by a pixel, + bias + residual); see winogradConvolution(). */
export interface WinogradConvolution {
  readonly x: tf.Tensor4D;
  readonly weights: tf.Tensor;
  readonly bias: tf.Tensor;
  readonly outputs: number;
  readonly residual?: tf.Tensor | undefined;
  readonly activation: Activation;
}

/** Our own kernels in TensorFlow.js's memory. Results are new tensors in the caller's tidy; inputs stay the caller's. */
export interface WasmKernels {
  multiply(product: Product): tf.Tensor;
  /** Queries, keys and values [N, T, 3 · width] → what the first `asking` tokens gather [N, asking, width]. */
  attend(qkv: tf.Tensor3D, asking: number, width: number, depth: number): tf.Tensor3D;
  /** Layer norm without its affine half, over the last dimension, a multiple of 4. */
  layerNorm(x: tf.Tensor, epsilon: number): tf.Tensor;
  /** In place: for a tensor that nothing else holds. */
  activate(x: tf.Tensor, activation: Activation): void;
  depthwise(convolution: DepthwiseConvolution): tf.Tensor4D;
  /** The same, and the means of the result over height and width [N, C]. */
  depthwiseWithMeans(convolution: DepthwiseConvolution): { y: tf.Tensor4D; means: tf.Tensor2D };
  winograd(convolution: WinogradConvolution): tf.Tensor4D;
  /** In place, for a tensor that nothing else holds: [N, H, W, C] · [N, C], C a multiple of 4. */
  scale(x: tf.Tensor4D, gates: tf.Tensor): void;
}

let opened: WasmKernels | null = null;

/** The kernels, where the backend in use is WASM and the browser has SIMD; networks are built without them elsewhere. */
export function wasmKernels(): WasmKernels | null {
  return tf.getBackend() === 'wasm' ? opened : null;
}

/** Puts the kernels beside the WASM backend, which must be in use. Networks that are loaded already keep what they have. */
export async function openWasmKernels(choice: KernelChoice = 'best'): Promise<void> {
  opened = null;
  const backend = tf.backend();
  if (!(backend instanceof BackendWasm)) throw new AppError('internal', 'The WASM backend is not in use.');
  const kernels = await fetchKernels(choice);
  if (kernels) opened = kernelsOn(backend, kernels(memoryOf(backend)));
}

function kernelsOn(backend: BackendWasm, kernel: (name: string) => Kernel): WasmKernels {
  const [multiply, attend, layerNorm] = [kernel('multiply'), kernel('attend'), kernel('layerNorm')];
  const [activateAll, scaleChannels, depthwise] = [kernel('activateAll'), kernel('scaleChannels'), kernel('depthwise')];
  const winograd = kernel('winograd');
  const address = ({ dataId, dtype, shape }: tf.TensorInfo) =>
    backend.typedArrayFromHeap({ dataId, dtype, shape }).byteOffset;
  const result = <R extends tf.Rank>(shape: tf.ShapeMap[R]): tf.Tensor<R> =>
    tf.engine().makeTensorFromTensorInfo(backend.makeOutput([...shape], 'float32'), backend) as tf.Tensor<R>;

  function convolveDepthwise(
    { x, filter, bias, shape, activation }: DepthwiseConvolution,
    means: tf.Tensor | null,
  ): tf.Tensor4D {
    const { height, width, channels, rows: taps, stride, above, left, outHeight, outWidth } = shape;
    const [images] = x.shape;
    const y = result<tf.Rank.R4>([images, outHeight, outWidth, channels]);
    const line = (Math.ceil(outWidth / TILE) * TILE - 1) * stride + taps;
    const scratch = result<tf.Rank.R1>([Math.min(channels, GROUP) * taps * line]);
    depthwise(
      ...[address(x), address(filter), address(bias), address(y), means ? address(means) : 0, address(scratch), line],
      ...[images, height, width, channels, taps, stride, above, left, outHeight, outWidth, ENDINGS[activation]],
    );
    scratch.dispose();
    return y;
  }

  return {
    depthwise: (convolution) => convolveDepthwise(convolution, null),
    depthwiseWithMeans(convolution) {
      const means = result<tf.Rank.R2>([convolution.x.shape[0], convolution.shape.channels]);
      return { y: convolveDepthwise(convolution, means), means };
    },
    multiply({ x, packed, bias, shape, inputs, taps, residual, activation }) {
      const y = result<tf.Rank>([...shape]);
      const outputs = shape.at(-1) ?? 0;
      // A table says where one image's rows lie.
      const passes = taps ? (shape[0] ?? 0) : 1;
      const rows = y.size / outputs / passes;
      const [from, to, beside] = [address(x), address(y), residual ? address(residual) : 0];
      const [table, zeros] = taps ? [address(taps.table), address(taps.zeros)] : [0, 0];
      for (let pass = 0; pass < passes; pass++) {
        const [read, written] = [(pass * 4 * x.size) / passes, (pass * 4 * y.size) / passes];
        multiply(
          ...[from + read, inputs, table, taps?.count ?? 1, zeros],
          ...[address(packed), address(bias), beside && beside + written, to + written, outputs],
          ...[rows, inputs, outputs, ENDINGS[activation]],
        );
      }
      return y;
    },
    attend(qkv, asking, width, depth) {
      const [images, tokens] = qkv.shape;
      const y = result<tf.Rank.R3>([images, asking, width]);
      const padded = Math.ceil(tokens / 8) * 8;
      const scratch = result<tf.Rank.R1>([(2 * depth + asking) * padded]);
      for (let image = 0; image < images; image++) {
        const from = address(qkv) + image * tokens * 3 * width * 4;
        const to = address(y) + image * asking * width * 4;
        attend(from, to, address(scratch), tokens, asking, width, depth);
      }
      scratch.dispose();
      return y;
    },
    layerNorm(x, epsilon) {
      const y = result<tf.Rank>(x.shape);
      const width = x.shape.at(-1) ?? 0;
      layerNorm(address(x), address(y), x.size / width, width, epsilon);
      return y;
    },
    winograd({ x, weights, bias, outputs, residual, activation }) {
      const [images, height, width, inputs] = x.shape;
      const y = result<tf.Rank.R4>([images, height, width, outputs]);
      const tiles = Math.min(TILES, images * Math.ceil(height / OUT) * Math.ceil(width / OUT));
      const before = result<tf.Rank.R1>([IN * IN * tiles * inputs]);
      const after = result<tf.Rank.R1>([IN * IN * tiles * outputs]);
      const scratch = result<tf.Rank.R1>([(IN * IN + 1) * RUN]);
      winograd(
        ...[address(x), address(weights), address(bias), residual ? address(residual) : 0, address(y)],
        ...[address(before), address(after), address(scratch)],
        ...[images, height, width, inputs, outputs, tiles, ENDINGS[activation]],
      );
      tf.dispose([before, after, scratch]);
      return y;
    },
    activate: (x, activation) => activateAll(address(x), x.size, ENDINGS[activation]),
    scale(x, gates) {
      const [images, height, width, channels] = x.shape;
      scaleChannels(address(x), address(gates), images, height * width, channels);
    },
  };
}

/** The backend's memory, which its types do not show. */
function memoryOf({ wasm }: BackendWasm): WebAssembly.Memory {
  const exported: unknown = Reflect.get(wasm, 'asm');
  const memory: unknown = typeof exported === 'object' && exported !== null ? Reflect.get(exported, 'memory') : null;
  if (memory instanceof WebAssembly.Memory) return memory;
  throw new AppError('internal', 'The WASM backend shows no memory.');
}
