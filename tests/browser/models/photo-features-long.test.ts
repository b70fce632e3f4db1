import * as tf from '@tensorflow/tfjs';
import * as v from 'valibot';
import { beforeAll, describe, expect, inject, test } from 'vitest';
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
  },
);
