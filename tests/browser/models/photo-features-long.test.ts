import * as tf from '@tensorflow/tfjs';
import * as v from 'valibot';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { cropInto, sideForCrop } from '../../../src/data/crop.ts';
import { withDecoded } from '../../../src/data/decode.ts';
import { pixelsOverWhite } from '../../../src/data/white-canvas.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { parseModelConfig } from '../../../src/models/config.ts';
import { type Engine, openEngine } from '../../../src/models/engines/engine.ts';
import { loadExtractor } from '../../../src/models/extractor.ts';
import { decodeFloats } from '../../formula.ts';
import { decodeCrop, fetchBlob, fetchJson } from './files.ts';
import { relativeError } from './parity.ts';

const sharedDir = inject('sharedDir');
const base = `/@fs${sharedDir}`;
const WEIGHTS = ['resnet50.tf_in1k', 'tf_efficientnetv2_b0.in1k', 'deit_tiny_patch16_224.fb_in1k'];

const photosSchema = v.object({
  photos: v.array(v.string()),
  models: v.record(v.string(), v.object({ shape: v.tuple([v.number(), v.number()]), float32: v.string() })),
});

describe.skipIf(sharedDir === null)(
  'real weights and photos (skipped where the folder with weights is missing)',
  () => {
    let engine: Engine;
    let large: ReturnType<typeof largePhotos> | null = null;
    beforeAll(async () => {
      engine = await openEngine('wasm');
    });

    test.each(WEIGHTS)('features of %s equal PyTorch on every photo', async (weights) => {
      const { photos, models } = v.parse(photosSchema, await fetchJson(`${base}/parity/photos.json`));
      const { architecture, preprocessing } = parseModelConfig(
        await fetchJson(`${base}/models/${weights}/config.json`),
      );
      const file = await fetchBlob(`${base}/models/${weights}/model.safetensors`);
      const before = tf.memory().numTensors;
      const extractor = await loadExtractor(engine, architecture, file, preprocessing, 4);
      // The first image makes the tables of where each convolution's rows lie; they go with the network.
      let held: number | null = null;
      const expected = decodeFloats(models[weights]?.float32 ?? '');
      const width = expected.length / photos.length;
      for (const [row, photo] of photos.entries()) {
        const name = photo.replace(/\.[^.]+$/, '.png');
        const crop = await decodeCrop(`${base}/parity/crops/${preprocessing.interpolation}/${name}`);
        const features = await extractor.features(crop, 1);
        const reference = expected.subarray(row * width, (row + 1) * width);
        // The crops are the very pixels that PyTorch saw, so that far more than the cosine must agree.
        expect(relativeError(features, reference), photo).toBeLessThanOrEqual(1e-4);
        held ??= tf.memory().numTensors;
        expect(tf.memory().numTensors).toBe(held);
      }
      extractor.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });

    test.each(WEIGHTS)(
      'features of %s are those of the whole photo where it is decoded smaller',
      async (weights) => {
        const { architecture, preprocessing } = parseModelConfig(
          await fetchJson(`${base}/models/${weights}/config.json`),
        );
        const file = await fetchBlob(`${base}/models/${weights}/model.safetensors`);
        const extractor = await loadExtractor(engine, architecture, file, preprocessing, 4);
        const featuresOf = (photo: Blob, shorterSide?: number) =>
          withDecoded(
            photo,
            async (bitmap, { width }) => {
              const crop = new Uint8Array(preprocessing.size ** 2 * 3);
              cropInto(pixelsOverWhite(bitmap), preprocessing, new Uint8ClampedArray(crop.buffer), 0);
              return { features: await extractor.features(crop, 1), shrunk: bitmap.width < width };
            },
            shorterSide,
          );
        large ??= largePhotos();
        for (const [name, photo] of await large) {
          const whole = await featuresOf(photo);
          const small = await featuresOf(photo, sideForCrop(preprocessing));
          expect([whole.shrunk, small.shrunk]).toEqual([false, true]);
          expect(cosine(small.features, whole.features), name).toBeGreaterThanOrEqual(0.9995);
        }
        extractor.dispose();
        // Fourteen large photos, each twice.
      },
      600_000,
    );
  },
);

const NAMES = ['00008', '00172', '00367', '00538', '00755', '00920', '01156', '01320', '01504'];

/** Photos as cameras give them, made of small ones: enlarged, with grain of their own; and many in one, as sharp as they are. */
async function largePhotos(): Promise<(readonly [name: string, photo: Blob])[]> {
  const photos = await Promise.all(
    NAMES.map(async (name) => createImageBitmap(await fetchBlob(`${base}/parity/photos/${name}.jpg`))),
  );
  const random = seededRandom(4);
  const grainy = photos.map((photo, i) =>
    painted(`${NAMES[i]} enlarged`, 2400, 2400, (context) => {
      context.imageSmoothingQuality = 'high';
      context.drawImage(photo, 0, 0, 2400, 2400);
      const pixels = context.getImageData(0, 0, 2400, 2400);
      for (let at = 0; at < pixels.data.length; at++) {
        if (at % 4 !== 3) pixels.data[at] = (pixels.data[at] ?? 0) + 24 * (random.uniform() - 0.5);
      }
      context.putImageData(pixels, 0, 0);
    }),
  );
  const mosaics = [0, 1, 2, 3, 4].map((mosaic) =>
    painted(`mosaic ${mosaic}`, 2304, 1728, (context) => {
      for (let y = 0; y < 6; y++) {
        for (let x = 0; x < 8; x++) {
          const photo = photos[(x * (mosaic + 1) + y * 5 + mosaic) % photos.length];
          if (photo) context.drawImage(photo, x * 288, y * 288);
        }
      }
    }),
  );
  return Promise.all([...grainy, ...mosaics]);
}

async function painted(
  name: string,
  width: number,
  height: number,
  paint: (context: OffscreenCanvasRenderingContext2D) => void,
): Promise<readonly [string, Blob]> {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('No 2D canvas.');
  paint(context);
  return [name, await context.canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })];
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
