/** What scripts/bench/end-to-end.ts drives in Chromium: JPEG files to stored features, as the app does it, and each stage by itself. */
import * as tf from '@tensorflow/tfjs';
import { type BackbonePool, openBackbone } from '../../src/core/backbones.ts';
import { extractFeatures } from '../../src/core/extract.ts';
import { createImagePool } from '../../src/core/workers.ts';
import { cropInto, type PixelSource } from '../../src/data/crop.ts';
import { withDecoded } from '../../src/data/decode.ts';
import { plainResample } from '../../src/data/resample.ts';
import { fetchSimdResample } from '../../src/data/resample-simd.ts';
import { pixelsOverWhite } from '../../src/data/white-canvas.ts';
import { seededRandom } from '../../src/math/random.ts';
import { openEngine } from '../../src/models/engines/engine.ts';
import { loadBackbone } from '../../src/models/extractor.ts';
import { tensorsOf } from '../../src/models/networks/network.ts';
import { ARCHITECTURES, isArchitecture } from '../../src/models/specs/architectures.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { putFeatures } from '../../src/storage/features.ts';
import type { ArchitectureName, Preprocessing } from '../../src/types.ts';
import { formulaFileOf, formulaSource } from '../formula.ts';

/** Pixels of a photo as they are shared: about 250 kB as JPEG. */
const [WIDTH, HEIGHT] = [1280, 960];

/** Numbers of a crop. */
const cropLength = (): number => 3 * preprocessing.size ** 2;

const images = createImagePool();
const database = openDatabase('bench');
let backbone: BackbonePool | null = null;
let architecture: ArchitectureName = 'efficientnet_b0';
let preprocessing: Preprocessing = ARCHITECTURES.efficientnet_b0.preprocessing;
let photos: Blob[] = [];
let runs = 0;

const bench = {
  /** Draws that many JPEG files and loads the network; their mean size in bytes. */
  async prepare(name: string, count: number): Promise<number> {
    if (!isArchitecture(name)) throw new Error(`There is no ${name}.`);
    architecture = name;
    ({ preprocessing } = ARCHITECTURES[name]);
    photos = await Promise.all(Array.from({ length: count }, (_, i) => photo(i)));
    backbone?.close();
    const file = formulaFileOf(tensorsOf(name));
    const onChange = (error: Error) => {
      throw error;
    };
    const request = { backbone: name, file, weightBytes: file.size, preprocessing, onChange };
    backbone = await openBackbone({ ...request, choice: 'wasm', workers: null });
    return photos.reduce((sum, { size }) => sum + size, 0) / count;
  },

  /** Files to stored features by the app's own pipeline: milliseconds. */
  async whole(): Promise<number> {
    const run = runs++;
    const work = photos.map((blob, i) => ({ hash: `${run} ${i}`, path: `${i}.jpg`, open: async () => blob }));
    const { elapsedMs, failures } = await extractFeatures(
      work,
      (rows) => putFeatures(database, 'bench', rows),
      preprocessing,
      { images, backbone: pool() },
      new AbortController().signal,
      () => {},
    );
    if (failures.length > 0) throw new Error(`${failures.length} images failed.`);
    return elapsedMs;
  },

  /** Crops that are there already to features, by the same pool: milliseconds. */
  async forwardOnly(): Promise<number> {
    const { batch, lanes } = pool();
    const crops = new Uint8Array(batch * cropLength()).map((_, i) => (i * 31) % 256);
    let next = 0;
    const start = performance.now();
    const lane = async () => {
      for (; next < photos.length; ) {
        const count = Math.min(batch, photos.length - next);
        next += count;
        await pool().features(crops.slice(0, count * cropLength()), count);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return performance.now() - start;
  },

  /** Every stage by itself, one image after the other in this thread: milliseconds an image. */
  async stages(count: number) {
    await openEngine('wasm');
    const resample = (await fetchSimdResample()) ?? plainResample;
    const network = await loadBackbone(architecture, formulaSource(tensorsOf(architecture)), preprocessing.size);
    const spent = { decode: 0, resize: 0, upload: 0, forward: 0, readback: 0, storage: 0 };
    for (let i = -1; i < count; i++) {
      const file = photos[Math.max(0, i)] ?? new Blob();
      const pixels = new Uint8Array(cropLength());
      let mark = performance.now();
      const lap = (stage: keyof typeof spent) => {
        const now = performance.now();
        // The first compiles.
        if (i >= 0) spent[stage] += now - mark;
        mark = now;
      };
      await withDecoded(file, (bitmap) => {
        const source = decodedWhole(pixelsOverWhite(bitmap));
        lap('decode');
        cropInto(source, preprocessing, new Uint8ClampedArray(pixels.buffer), 0, resample);
        lap('resize');
      });
      mark = performance.now();
      const input = tf.tidy(() => {
        const crop = tf.cast(tf.tensor4d(Int32Array.from(pixels), [1, 224, 224, 3], 'int32'), 'float32');
        return tf.add<tf.Tensor4D>(tf.mul(crop, tf.tensor1d([0.02, 0.02, 0.02])), tf.tensor1d([-2, -2, -2]));
      });
      lap('upload');
      const output = network.forward(input);
      lap('forward');
      const features = new Float32Array(await output.data());
      lap('readback');
      await putFeatures(database, 'stages', [{ hash: String(i), features }]);
      lap('storage');
      tf.dispose([input, output]);
    }
    network.dispose();
    return Object.fromEntries(Object.entries(spent).map(([stage, ms]) => [stage, ms / count]));
  },
};

function pool(): BackbonePool {
  if (!backbone) throw new Error('No network is prepared.');
  return backbone;
}

/** Reads all pixels at once, so that reading is decoding's time and not resizing's. */
function decodedWhole({ width, height, read }: PixelSource): PixelSource {
  const all = read(0, 0, width, height).slice();
  return {
    width,
    height,
    read(x, y, across, down) {
      const part = new Uint8ClampedArray(across * down * 4);
      for (let row = 0; row < down; row++) {
        const from = ((y + row) * width + x) * 4;
        part.set(all.subarray(from, from + across * 4), row * across * 4);
      }
      return part;
    },
  };
}

/** Shapes over a gradient, and some noise: compresses like a photo. */
async function photo(seed: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('No canvas.');
  const random = seededRandom(seed);
  const colour = () => `hsl(${360 * random.uniform()} 60% ${20 + 60 * random.uniform()}%)`;
  const gradient = context.createLinearGradient(0, 0, WIDTH, HEIGHT);
  gradient.addColorStop(0, colour());
  gradient.addColorStop(1, colour());
  context.fillStyle = gradient;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  for (let i = 0; i < 3000; i++) {
    context.fillStyle = colour();
    context.globalAlpha = 0.4;
    const side = 4 + 40 * random.uniform();
    context.fillRect(WIDTH * random.uniform(), HEIGHT * random.uniform(), side, side);
  }
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
}

Object.assign(window, { bench });
