import * as tf from '@tensorflow/tfjs';
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { AppError } from '../../../errors.ts';
import type { Activation } from '../layers.ts';
import { fetchKernels, type Kernel, type KernelChoice } from './binary.ts';
import { type Geometry, inputRows } from './taps.ts';
import { dissolve, hull, joinTeam, type Range, type Share, type Team } from './team.ts';

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
/** TILE of multiply.ts there: rows that a product takes at a time. */
const ROWS = 6;

/** activation(x · weights + bias + residual), a row of the result after the other. */
export interface Product {
  readonly x: tf.Tensor;
  /** See packed(). */
  readonly packed: tf.Tensor;
  readonly bias: tf.Tensor;
  /** Shape of the result: images first, outputs last. */
  readonly shape: readonly number[];
  /** Numbers of x that lie side by side: a row's, or with `taps` those of each. */
  readonly inputs: number;
  /** Where an image's rows find their inputs, in bytes [rows, count], −1 for `zeros`. Without it, rows lie one after the other. */
  readonly taps?: {
    readonly table: tf.Tensor;
    readonly count: number;
    readonly zeros: tf.Tensor;
    readonly shape: Geometry;
  };
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

/** A number for each channel of an image. */
export type Rgb = readonly [red: number, green: number, blue: number];

/**
 * Our own kernels in TensorFlow.js's memory. Results are new tensors in the caller's tidy; inputs stay the caller's. In a team
 * (see below), a result may hold this worker's part alone: kernels know it and bring what they read of others' parts.
 */
export interface WasmKernels {
  /**
   * Computes single images as one of a team for as long as `work` lasts: every worker of it computes some rows of what the kernels
   * give, which is then bit-identical to what one computes alone. Errors dissolve the team.
   * @throws what `work` throws, and AppError 'aborted' where the team is dissolved.
   */
  together<R>(share: Share, work: () => Promise<R>): Promise<R>;
  /** x, with all its parts here: for whatever else than these kernels reads it. */
  whole<R extends tf.Rank>(x: tf.Tensor<R>): tf.Tensor<R>;
  /** 8-bit RGB [images, height, width, 3] as numbers: each channel times its scale plus its shift. */
  normalise(pixels: Uint8Array, shape: tf.Tensor4D['shape'], scale: Rgb, shift: Rgb): tf.Tensor4D;
  /** x with as many zeros around every image as the geometry says. */
  pad(x: tf.Tensor4D, shape: Geometry): tf.Tensor4D;
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

/** Puts the kernels beside the WASM backend, which must be in use; null where the browser has no SIMD. Networks that are loaded already keep what they have. */
export async function openWasmKernels(choice: KernelChoice = 'best'): Promise<WasmKernels | null> {
  opened = null;
  const backend = tf.backend();
  if (!(backend instanceof BackendWasm)) throw new AppError('internal', 'The WASM backend is not in use.');
  const kernels = await fetchKernels(choice);
  if (kernels) opened = kernelsOn(backend, kernels(memoryOf(backend)));
  return opened;
}

function kernelsOn(backend: BackendWasm, kernel: (name: string) => Kernel): WasmKernels {
  const [multiply, attend, layerNorm] = [kernel('multiply'), kernel('attend'), kernel('layerNorm')];
  const [activateAll, scaleChannels, depthwise] = [kernel('activateAll'), kernel('scaleChannels'), kernel('depthwise')];
  const [normalise, pad] = [kernel('normalise'), kernel('pad')];
  const [winograd, meansOfSums] = [kernel('winograd'), kernel('meansOfSums')];
  const address = ({ dataId, dtype, shape }: tf.TensorInfo) =>
    backend.typedArrayFromHeap({ dataId, dtype, shape }).byteOffset;
  const result = <R extends tf.Rank>(shape: tf.ShapeMap[R]): tf.Tensor<R> =>
    tf.engine().makeTensorFromTensorInfo(backend.makeOutput([...shape], 'float32'), backend) as tf.Tensor<R>;

  let team: Team | null = null;
  /** Which numbers of a tensor every worker has, where these are not all. By what holds them: reshaped, they are the same. */
  const held = new WeakMap<object, readonly Range[]>();

  /** Brings numbers of x that this worker has not, where the team's workers want these. */
  function bring({ dataId, dtype, shape }: tf.Tensor, wants: readonly Range[]): void {
    const has = held.get(dataId);
    if (!has || !team) return;
    const all = wants.map((wanted, worker) => hull([wanted, has[worker] ?? wanted]));
    team.exchange(() => backend.typedArrayFromHeap({ dataId, dtype, shape }) as Float32Array, has, all);
    held.set(dataId, all);
  }

  function whole<R extends tf.Rank>(x: tf.Tensor<R>): tf.Tensor<R> {
    if (team && held.has(x.dataId)) {
      bring(
        x,
        Array.from({ length: team.count }, () => [0, x.size]),
      );
      held.delete(x.dataId);
    }
    return x;
  }

  /**
   * Which of `units` of a result each worker computes, in multiples of `grain`; null where this one computes all of them:
   * outside a team, of several images, and where there are too few.
   */
  function parts(images: number, units: number, grain: number): readonly Range[] | null {
    if (!team || images !== 1 || units < 2 * team.count) return null;
    const { count } = team;
    const border = (worker: number) =>
      worker === count ? units : Math.min(units, grain * Math.round((worker * units) / (count * grain)));
    return Array.from({ length: count }, (_, worker) => [border(worker), border(worker + 1)]);
  }

  /** The same of the rows of a matrix: an image's rows of pixels, or tokens, which a product takes six at a time. */
  function rowParts(shape: readonly number[]): readonly Range[] | null {
    const [images = 1, height = 1, width = 1] = shape;
    if (shape.length === 4) return scaled(parts(images, height, 1), width);
    return shape.length === 3 ? parts(images, height, ROWS) : null;
  }

  /** Marks a result as computed in parts of `size` numbers. */
  const hold = (y: tf.Tensor, each: readonly Range[], size: number) => held.set(y.dataId, scaled(each, size));
  const mine = (each: readonly Range[] | null, all: number): Range => (team && each?.[team.index]) || [0, all];

  function convolveDepthwise(
    { x, filter, bias, shape, activation }: DepthwiseConvolution,
    sums: tf.Tensor | null,
  ): tf.Tensor4D {
    const { height, width, channels, rows: taps, stride, above, left, outHeight, outWidth } = shape;
    const [images] = x.shape;
    const each = parts(images, outHeight, 1);
    if (each) bring(x, scaled(inputRows(shape, each), width * channels));
    else whole(x);
    const [from, end] = mine(each, outHeight);
    const y = result<tf.Rank.R4>([images, outHeight, outWidth, channels]);
    const line = (Math.ceil(outWidth / TILE) * TILE - 1) * stride + taps;
    const scratch = result<tf.Rank.R1>([Math.min(channels, GROUP) * taps * line]);
    depthwise(
      ...[address(x), address(filter), address(bias), address(y), sums ? address(sums) : 0, address(scratch), line],
      ...[images, height, width, channels, taps, stride, above, left, outHeight, outWidth, from, end],
      ENDINGS[activation],
    );
    scratch.dispose();
    if (each) {
      hold(y, each, outWidth * channels);
      if (sums) hold(sums, each, channels);
    }
    return y;
  }

  return {
    async together(share, work) {
      team = joinTeam(share);
      try {
        return await work();
      } catch (error) {
        dissolve(share.memory);
        throw error;
      } finally {
        team = null;
      }
    },
    whole,
    depthwise: (convolution) => convolveDepthwise(convolution, null),
    depthwiseWithMeans(convolution) {
      const [images] = convolution.x.shape;
      const { channels, outHeight, outWidth } = convolution.shape;
      const sums = result<tf.Rank.R3>([images, outHeight, channels]);
      const y = convolveDepthwise(convolution, sums);
      const means = result<tf.Rank.R2>([images, channels]);
      meansOfSums(address(whole(sums)), address(means), images, outHeight, channels, outHeight * outWidth);
      sums.dispose();
      return { y, means };
    },
    normalise(pixels, shape, scale, shift) {
      const x = result<tf.Rank.R4>(shape);
      // Four bytes in each number, and four behind that the kernel reads.
      const bytes = result<tf.Rank.R1>([Math.ceil(x.size / 4) + 1]);
      const { dataId, dtype, shape: numbers } = bytes;
      const { buffer, byteOffset } = backend.typedArrayFromHeap({ dataId, dtype, shape: numbers });
      new Uint8Array(buffer, byteOffset, x.size).set(pixels);
      normalise(address(bytes), address(x), x.size / scale.length, ...scale, ...shift);
      bytes.dispose();
      return x;
    },
    pad(x, { above, below, left, right }) {
      const [images, height, width, channels] = whole(x).shape;
      const y = result<tf.Rank.R4>([images, above + height + below, left + width + right, channels]);
      const pixel = 4 * channels;
      pad(address(x), address(y), images, height, width * pixel, above, below, left * pixel, right * pixel);
      return y;
    },
    multiply({ x, packed, bias, shape, inputs, taps, residual, activation }) {
      const y = result<tf.Rank>([...shape]);
      const outputs = shape.at(-1) ?? 0;
      // A table says where one image's rows lie.
      const passes = taps ? (shape[0] ?? 0) : 1;
      const rows = y.size / outputs / passes;
      const each = rowParts(shape);
      if (each) {
        bring(x, taps ? tapped(taps.shape, each) : scaled(each, inputs));
        if (residual) bring(residual, scaled(each, outputs));
      } else {
        whole(x);
        if (residual) whole(residual);
      }
      const [first, end] = mine(each, rows);
      const [from, to, beside] = [address(x), address(y), residual ? address(residual) : 0];
      const [table, zeros] = taps ? [address(taps.table), address(taps.zeros)] : [0, 0];
      const skipped = 4 * first * outputs;
      for (let pass = 0; pass < passes; pass++) {
        const read = (pass * 4 * x.size) / passes + (taps ? 0 : 4 * first * inputs);
        const written = (pass * 4 * y.size) / passes + skipped;
        multiply(
          ...[from + read, inputs, table && table + 4 * first * (taps?.count ?? 1), taps?.count ?? 1, zeros],
          ...[address(packed), address(bias), beside && beside + written, to + written, outputs],
          ...[end - first, inputs, outputs, ENDINGS[activation]],
        );
      }
      if (each) hold(y, each, outputs);
      return y;
    },
    attend(qkv, asking, width, depth) {
      const [images, tokens] = qkv.shape;
      whole(qkv);
      const y = result<tf.Rank.R3>([images, asking, width]);
      const padded = Math.ceil(tokens / 8) * 8;
      const each = rowParts(y.shape);
      const [first, end] = mine(each, asking);
      const scratch = result<tf.Rank.R1>([(2 * depth + end - first) * padded]);
      for (let image = 0; image < images; image++) {
        const from = address(qkv) + image * tokens * 3 * width * 4;
        const to = address(y) + (image * asking + first) * width * 4;
        attend(from, to, address(scratch), tokens, first, end - first, width, depth);
      }
      scratch.dispose();
      if (each) hold(y, each, width);
      return y;
    },
    layerNorm(x, epsilon) {
      const y = result<tf.Rank>(x.shape);
      const width = x.shape.at(-1) ?? 0;
      const each = rowParts(x.shape);
      if (each) bring(x, scaled(each, width));
      else whole(x);
      const [first, end] = mine(each, x.size / width);
      layerNorm(address(x) + 4 * first * width, address(y) + 4 * first * width, end - first, width, epsilon);
      if (each) hold(y, each, width);
      return y;
    },
    winograd({ x, weights, bias, outputs, residual, activation }) {
      const [images, height, width, inputs] = x.shape;
      const y = result<tf.Rank.R4>([images, height, width, outputs]);
      const [down, across] = [Math.ceil(height / OUT), Math.ceil(width / OUT)];
      const each = parts(images, height, OUT);
      if (each) {
        const read = each.map(([from, to]): Range => [Math.max(0, from - 1), Math.min(height, to + 1)]);
        bring(x, scaled(read, width * inputs));
        if (residual) bring(residual, scaled(each, width * outputs));
      } else {
        whole(x);
        if (residual) whole(residual);
      }
      const [first, end] = mine(each, height);
      // Tiles of the image's rows, or of all rows of all images.
      const [start, stop] = each
        ? [(first / OUT) * across, Math.ceil(end / OUT) * across]
        : [0, images * down * across];
      const group = Math.max(1, Math.min(TILES, stop - start));
      const before = result<tf.Rank.R1>([IN * IN * group * inputs]);
      const after = result<tf.Rank.R1>([IN * IN * group * outputs]);
      const scratch = result<tf.Rank.R1>([(IN * IN + 1) * RUN]);
      winograd(
        ...[address(x), address(weights), address(bias), residual ? address(residual) : 0, address(y)],
        ...[address(before), address(after), address(scratch)],
        ...[height, width, inputs, outputs, group, start, stop, ENDINGS[activation]],
      );
      tf.dispose([before, after, scratch]);
      if (each) hold(y, each, width * outputs);
      return y;
    },
    activate: (x, activation) => activateAll(address(whole(x)), x.size, ENDINGS[activation]),
    scale(x, gates) {
      const [images, , , channels] = x.shape;
      const [from, to] = mine(held.get(x.dataId) ?? null, x.size / images);
      scaleChannels(address(x) + 4 * from, address(whole(gates)), images, (to - from) / channels, channels);
    },
  };
}

/** Ranges of what is `size` as large. */
function scaled<T extends readonly Range[] | null>(ranges: T, size: number): T extends null ? null : readonly Range[];
function scaled(ranges: readonly Range[] | null, size: number): readonly Range[] | null {
  return ranges?.map(([from, to]): Range => [size * from, size * to]) ?? null;
}

/** Which numbers of an image the rows of a convolution read, that are whole rows of pixels. */
function tapped(shape: Geometry, rows: readonly Range[]): readonly Range[] {
  const lines = rows.map(([from, to]): Range => [from / shape.outWidth, to / shape.outWidth]);
  return scaled(inputRows(shape, lines), shape.width * shape.channels);
}

/** The backend's memory, which its types do not show. */
function memoryOf({ wasm }: BackendWasm): WebAssembly.Memory {
  const exported: unknown = Reflect.get(wasm, 'asm');
  const memory: unknown = typeof exported === 'object' && exported !== null ? Reflect.get(exported, 'memory') : null;
  if (memory instanceof WebAssembly.Memory) return memory;
  throw new AppError('internal', 'The WASM backend shows no memory.');
}
