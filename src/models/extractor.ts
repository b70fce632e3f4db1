import * as tf from '@tensorflow/tfjs';
import { AppError } from '../errors.ts';
import type { ArchitectureName, Preprocessing } from '../types.ts';
import { loadBackbone } from './backbone.ts';
import type { Engine } from './engines/engine.ts';
import { layoutFor } from './recognition.ts';
import { openSafetensors } from './safetensors.ts';

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
  const scale = tf.keep(tf.tensor1d(std.map((deviation) => 1 / (255 * deviation))));
  const shift = tf.keep(tf.tensor1d(mean.map((value, c) => -value / (std[c] ?? 1))));
  const imageLength = size * size * 3;

  async function forward(pixels: Uint8Array, n: number): Promise<Float32Array<ArrayBuffer>> {
    // WebGPU compiles its shaders for every shape, so that a smaller batch is filled up with black. A single image
    // has a shape of its own: a query should not wait for a whole batch.
    const rows = engine.kind === 'webgpu' && n > 1 ? batch : n;
    const values = new Int32Array(rows * imageLength);
    values.set(pixels);
    const output = tf.tidy(() => {
      const crops = tf.cast(tf.tensor4d(values, [rows, size, size, 3], 'int32'), 'float32');
      return backbone.forward(tf.add(tf.mul(crops, scale), shift));
    });
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
      tf.dispose([scale, shift]);
    },
  };
}
