import { expect, test } from 'vitest';
import { mirrorImages, withMirrorImages } from '../../../src/models/mirror.ts';

const SIZE = 5;
const LENGTH = 3 * SIZE * SIZE;
const pixels = Uint8Array.from({ length: 2 * LENGTH }, (_, i) => (i * 89) % 251);

/** Features that tell left from right: a weight for each place. */
const lopsided = {
  features: async (crops: Uint8Array, n: number) =>
    Float32Array.from({ length: n * 2 }, (_, at) => {
      const crop = crops.subarray(Math.floor(at / 2) * LENGTH, Math.floor(at / 2 + 1) * LENGTH);
      return crop.reduce((sum, value, i) => sum + value * Math.sin(i + at), 0);
    }),
  dispose: () => {},
};

test('mirroring exchanges left and right, pixel by pixel, and twice is nothing', () => {
  const mirrored = mirrorImages(pixels, SIZE);
  for (const [image, y, x] of [
    [0, 0, 0],
    [0, 3, 1],
    [1, 4, 2],
    [1, 2, 4],
  ] as const) {
    const at = image * LENGTH + 3 * (y * SIZE + x);
    const from = image * LENGTH + 3 * (y * SIZE + SIZE - 1 - x);
    expect([...mirrored.subarray(at, at + 3)]).toEqual([...pixels.subarray(from, from + 3)]);
  }
  expect(mirrorImages(mirrored, SIZE)).toEqual(pixels);
});

test('the features of a mirror image are those of the image, and the mean of both', async () => {
  const averaging = withMirrorImages(lopsided, SIZE);
  const [own, others] = [await lopsided.features(pixels, 2), await lopsided.features(mirrorImages(pixels, SIZE), 2)];
  const features = await averaging.features(pixels, 2);
  expect(await averaging.features(mirrorImages(pixels, SIZE), 2)).toEqual(features);
  expect(others).not.toEqual(own);
  expect([...features]).toEqual([...own].map((value, i) => Math.fround((value + (others[i] ?? 0)) / 2)));
});
