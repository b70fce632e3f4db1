import * as tf from '@tensorflow/tfjs';
import { AppError } from '../errors.ts';
import type { ArchitectureName, Preprocessing } from '../types.ts';
import type { Engine } from './engines/engine.ts';
import type { Layers } from './engines/layers.ts';
import { plainLayers } from './engines/plain-layers.ts';
import { type NetworkTensors, networkTensors, type OnStep } from './engines/tensors.ts';
import { type Rgb, wasmKernels } from './engines/wasm/kernels.ts';
import { wasmLayers } from './engines/wasm/layers.ts';
import { uses } from './engines/webgpu/candidates.ts';
import { compiledAhead } from './engines/webgpu/compile-ahead.ts';
import { unpackedCrops } from './engines/webgpu/crops.ts';
import { webgpuKernels } from './engines/webgpu/kernels.ts';
import { webgpuLayers } from './engines/webgpu/layers.ts';
import { declareNetwork } from './networks/network.ts';
import { Operations, type WeightSource } from './networks/operations.ts';
import { layoutFor } from './recognition.ts';
import { openSafetensors } from './safetensors.ts';
import { ARCHITECTURES } from './specs/architectures.ts';

interface Backbone {
  /** Number of features D. */
  readonly features: number;
  /** Normalised images [N, size, size, 3] → features [N, D], which the caller disposes; so does it the input. */
  forward(input: tf.Tensor4D): tf.Tensor2D;
  /** Frees the parameters. */
  dispose(): void;
}

/**
 * Loads a network for images of `size` pixels onto the engine in use, for which its weights are laid out: it cannot move
 * to another. Reads one tensor after the other and keeps no copy. Nothing stays allocated when it fails. `onStep` is
 * called after every tensor that is read, and after every layer that is computed later; `upload` is the engine's.
 * @throws AppError 'weights-mismatch' with the tensor, the expected and the found shape, and whatever `source` throws.
 */
export async function loadBackbone(
  architecture: ArchitectureName,
  source: WeightSource,
  size: number,
  onStep: OnStep = () => {},
  upload?: Engine['upload'],
): Promise<Backbone> {
  const { label, features, network } = ARCHITECTURES[architecture];
  const net = new Operations<tf.Tensor>();
  const tensors = networkTensors(upload);
  try {
    const forward = declareNetwork(net, network, size);
    await net.load(stepwise(source, onStep), layersInUse(tensors, onStep));
    await tensors.uploaded();
    return {
      features,
      forward: (input) => tf.tidy(() => tf.reshape<tf.Rank.R2>(forward(input), [input.shape[0], features])),
      dispose: tensors.dispose,
    };
  } catch (error) {
    tensors.dispose();
    if (error instanceof AppError) throw error;
    const message = `${label} could not be loaded: ${error instanceof Error ? error.message : error}.`;
    throw new AppError('engine-unavailable', message, { cause: error });
  }
}

function stepwise({ shape, read }: WeightSource, onStep: OnStep): WeightSource {
  return {
    shape,
    async read(name) {
      const values = await read(name);
      onStep();
      return values;
    },
  };
}

/** What networks are computed with on the engine that is open. Whether that has kernels of its own is known by then. */
export function layersInUse(tensors: NetworkTensors, onStep: OnStep): Layers<tf.Tensor> {
  const kernels = wasmKernels();
  if (kernels) return wasmLayers(tensors, onStep, kernels);
  return webgpuKernels() ? webgpuLayers(tensors, onStep) : plainLayers(tensors, onStep);
}

/** Crops → features, by a network on an engine. */
export interface Extractor {
  /**
   * Features of n ≤ `batch` crops, [n, size, size, 3] 8-bit RGB, as [n, D]; a fresh array that the caller owns.
   * @throws AppError 'engine-lost', 'engine-memory'; 'bad-argument' for another number of pixels; 'not-finite' where a feature is NaN or
   * infinite.
   */
  features(pixels: Uint8Array, n: number): Promise<Float32Array<ArrayBuffer>>;
  /** Frees all tensors. */
  dispose(): void;
}

/**
 * Loads a weight file onto the engine.
 * @throws AppError 'weights-refused', 'weights-mismatch', 'files-gone', 'engine-unavailable'.
 */
export async function loadExtractor(
  engine: Engine,
  architecture: ArchitectureName,
  file: Blob,
  { size, mean, std }: Preprocessing,
  batch: number,
): Promise<Extractor> {
  const { shapes, read } = layoutFor(architecture, await openSafetensors(file));
  const source = { shape: (name: string) => shapes.get(name), read };
  const backbone = await loadBackbone(architecture, source, size, engine.mark, engine.upload);
  const normalise = normaliser(mean, std);
  const imageLength = size * size * 3;
  const pass = (pixels: Uint8Array, rows: number) => tf.tidy(() => backbone.forward(normalise(pixels, rows, size)));
  if (engine.kind === 'webgpu' && uses('parallel-compilation')) {
    const black = new Uint8Array(batch * imageLength);
    try {
      await engine.checked(() => compiledAhead(() => pass(black, batch).dispose()));
    } catch (error) {
      backbone.dispose();
      throw error;
    }
  }

  async function forward(pixels: Uint8Array, n: number): Promise<Float32Array<ArrayBuffer>> {
    // WebGPU compiles its shaders for every shape, so that a smaller batch is filled up with black. A single image
    // has a shape of its own: a query should not wait for a whole batch.
    const rows = engine.kind === 'webgpu' && n > 1 ? batch : n;
    const output = pass(filledUp(pixels, rows * imageLength), rows);
    try {
      return new Float32Array((await output.data()).subarray(0, n * backbone.features));
    } finally {
      output.dispose();
    }
  }

  return {
    async features(pixels, n) {
      if (n < 1 || n > batch || pixels.length !== n * imageLength) {
        throw new AppError('bad-argument', `${pixels.length} values are not 1 to ${batch} crops of ${size} × ${size}.`);
      }
      const features = await Promise.race([engine.checked(() => forward(pixels, n)), engine.lost]);
      engine.mark();
      if (features.every(Number.isFinite)) return features;
      throw new AppError('not-finite', 'The network gave numbers that are not finite; its features were not kept.');
    },
    dispose() {
      backbone.dispose();
    },
  };
}

/** With zeros behind them, where they are fewer. */
function filledUp(pixels: Uint8Array, length: number): Uint8Array {
  if (pixels.length === length) return pixels;
  const values = new Uint8Array(length);
  values.set(pixels);
  return values;
}

/** Makes `images` crops of 8 bits what the network takes. */
function normaliser(mean: Rgb, std: Rgb): (pixels: Uint8Array, images: number, side: number) => tf.Tensor4D {
  const [red, green, blue] = std;
  const scale: Rgb = [1 / (255 * red), 1 / (255 * green), 1 / (255 * blue)];
  const shift: Rgb = [-mean[0] / red, -mean[1] / green, -mean[2] / blue];
  const kernels = wasmKernels();
  const packed = webgpuKernels() !== null && uses('packed-crops');
  return (pixels, images, side) => {
    const shape: tf.Tensor4D['shape'] = [images, side, side, 3];
    if (kernels) return kernels.normalise(pixels, shape, scale, shift);
    if (packed && pixels.length % 4 === 0) return unpackedCrops(pixels, shape, scale, shift);
    const crops = tf.cast(tf.tensor4d(new Int32Array(pixels), shape, 'int32'), 'float32');
    return tf.add(tf.mul(crops, tf.tensor1d([...scale])), tf.tensor1d([...shift]));
  };
}
