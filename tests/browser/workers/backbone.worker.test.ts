import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { COLOUR_GRADIENT, colourGradient } from '../../../src/models/colour-gradient.ts';
import { mirrorImages } from '../../../src/models/mirror.ts';
import { ARCHITECTURES } from '../../../src/models/specs/architectures.ts';
import { type Connection, connect, move } from '../../../src/workers/connect.ts';
import type { BackboneWorker } from '../../../src/workers/protocol.ts';
import fixture from '../../fixtures/parity/formula_deit_tiny_patch16_224.json';
import { formulaFile } from '../../formula.ts';
import { relativeError } from '../models/parity.ts';

const ARCHITECTURE = 'deit_tiny_patch16_224';
const { preprocessing, features: WIDTH } = ARCHITECTURES[ARCHITECTURE];
const IMAGE_LENGTH = 224 * 224 * 3;
const BATCH = 4;

/** One for all tests, since each takes seconds to start; the first two find it before an engine is opened. */
let worker: Connection<BackboneWorker>;
beforeAll(() => {
  worker = connect<BackboneWorker>(
    new Worker(new URL('../../../src/workers/backbone.worker.ts', import.meta.url), { type: 'module' }),
  );
});
afterEach(() => worker.api.unload());
afterAll(() => worker.close());

/** n crops, each different from the others. */
function crops(n: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: n * IMAGE_LENGTH }, (_, i) => (i * (7 + Math.floor(i / IMAGE_LENGTH))) % 256);
}

test('the descriptor needs no engine and loads no network', async () => {
  const { api } = worker;
  expect(await api.memory()).toEqual({ numTensors: 0, numBytes: 0 });
  await api.load('colour-gradient', null, COLOUR_GRADIENT.preprocessing, BATCH);
  const pixels = crops(2);
  const expected = colourGradient(pixels, 2, 224);
  expect(await api.features(move(pixels, pixels.buffer), 2)).toEqual(expected);
  expect(await api.memory()).toEqual({ numTensors: 0, numBytes: 0 });
});

test('what is missing is said, and the worker stays usable', async () => {
  const { api } = worker;
  const file = formulaFile(fixture);
  await expect(api.load(ARCHITECTURE, file, preprocessing, BATCH)).rejects.toMatchObject({ code: 'bad-argument' });
  await api.open('wasm');
  const empty = await api.memory();
  await expect(api.features(crops(1), 1)).rejects.toMatchObject({ code: 'bad-argument' });
  await expect(api.load(ARCHITECTURE, null, preprocessing, BATCH)).rejects.toMatchObject({ code: 'weights-missing' });
  await expect(api.load('vit_base_patch16_224', file, preprocessing, BATCH)).rejects.toMatchObject({
    code: 'weights-mismatch',
    message: expect.stringMatching(
      /"patch_embed\.proj\.weight" has the shape \[192, 3, 16, 16\], expected \[768, 3, 16, 16\]/,
    ),
  });
  const page = new Blob(['<!doctype html><title>Not found</title>']);
  await expect(api.load(ARCHITECTURE, page, preprocessing, BATCH)).rejects.toMatchObject({ code: 'weights-refused' });
  expect(await api.memory()).toEqual(empty);
  await api.load(ARCHITECTURE, file, preprocessing, BATCH);
  await expect(api.features(crops(1), 2)).rejects.toMatchObject({ code: 'bad-argument' });
  await expect(api.features(crops(BATCH + 1), BATCH + 1)).rejects.toMatchObject({ code: 'bad-argument' });
  expect(await api.features(crops(1), 1)).toHaveLength(WIDTH);
});

test('a batch equals its images one by one, buffers are moved, and no tensor is left', async () => {
  const { api } = worker;
  expect(await api.open('wasm')).toEqual({ kind: 'wasm', adapter: null });
  const empty = await api.memory();
  await api.load(ARCHITECTURE, formulaFile(fixture), preprocessing, BATCH);
  // The first forward pass makes the tables that fit the input's size; they stay with the network.
  await api.features(crops(1), 1);
  const loaded = await api.memory();
  expect(loaded.numTensors).toBeGreaterThan(empty.numTensors);

  const pixels = crops(3);
  const singles = [0, 1, 2].map((i) => pixels.slice(i * IMAGE_LENGTH, (i + 1) * IMAGE_LENGTH));
  const together = await api.features(move(pixels, pixels.buffer), 3);
  expect(pixels.byteLength).toBe(0);
  expect(together).toHaveLength(3 * WIDTH);
  for (const [i, single] of singles.entries()) {
    const alone = await api.features(move(single, single.buffer), 1);
    expect(relativeError(alone, together.slice(i * WIDTH, (i + 1) * WIDTH))).toBeLessThan(1e-5);
    expect(await api.memory()).toEqual(loaded);
  }
  expect(relativeError(together.slice(0, WIDTH), together.slice(WIDTH, 2 * WIDTH))).toBeGreaterThan(1e-2);

  await api.load(ARCHITECTURE, formulaFile(fixture), preprocessing, BATCH);
  await api.features(crops(1), 1);
  expect(await api.memory()).toEqual(loaded);
  await api.unload();
  expect(await api.memory()).toEqual(empty);
});

test('averaged with the mirror image, an image and its mirror image have the same features, others than its own', async () => {
  const { api } = worker;
  await api.open('wasm');
  const pixels = crops(2);
  await api.load(ARCHITECTURE, formulaFile(fixture), preprocessing, BATCH);
  const [own, other] = [await api.features(pixels, 2), await api.features(mirrorImages(pixels, 224), 2)];
  await api.load(ARCHITECTURE, formulaFile(fixture), { ...preprocessing, flip: true }, BATCH);
  const averaged = await api.features(pixels, 2);
  expect(await api.features(mirrorImages(pixels, 224), 2)).toEqual(averaged);
  expect(relativeError(own, other)).toBeGreaterThan(1e-3);
  expect(averaged).toEqual(own.map((value, i) => (value + (other[i] ?? 0)) / 2));
});

test('unloading waits for what is being computed', async () => {
  const { api } = worker;
  await api.open('wasm');
  await api.load(ARCHITECTURE, formulaFile(fixture), preprocessing, BATCH);
  const [features] = await Promise.all([api.features(crops(1), 1), api.unload()]);
  expect(features).toHaveLength(WIDTH);
  await expect(api.features(crops(1), 1)).rejects.toMatchObject({ code: 'bad-argument' });
});
