import { expect, it } from 'vitest';
import { correlationOfCrops, GREY_SIDE } from '../../../src/care/same-picture.ts';
import { seededRandom } from '../../../src/math/random.ts';

interface Blob {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly height: number;
}

/** Soft spots at places of their own: a scene that can be looked at at any resolution. */
function scene(seed: number): readonly Blob[] {
  const random = seededRandom(seed);
  return Array.from({ length: 25 }, () => ({
    x: random.uniform(),
    y: random.uniform(),
    radius: 0.04 + 0.1 * random.uniform(),
    height: 200 * random.uniform() - 100,
  }));
}

/** A square of the scene as a grey picture. */
function picture(blobs: readonly Blob[], left = 0, top = 0, share = 1, noise = 0): Float32Array {
  const random = seededRandom(77);
  return Float32Array.from({ length: GREY_SIDE ** 2 }, (_, at) => {
    const x = left + (share * ((at % GREY_SIDE) + 0.5)) / GREY_SIDE;
    const y = top + (share * (Math.floor(at / GREY_SIDE) + 0.5)) / GREY_SIDE;
    const light = blobs.reduce(
      (sum, blob) => sum + blob.height * Math.exp(-((x - blob.x) ** 2 + (y - blob.y) ** 2) / (2 * blob.radius ** 2)),
      128,
    );
    return light + noise * random.gaussian();
  });
}

it.each([1, 2, 3, 4, 5, 6])(
  'a crop of a tenth, wherever it lies, noisy and darker, is the same picture (scene %i)',
  (seed) => {
    const random = seededRandom(seed, 3);
    const whole = picture(scene(seed));
    const crop = picture(scene(seed), 0.1 * random.uniform(), 0.1 * random.uniform(), 0.9, 4).map((v) => 0.6 * v + 10);
    expect(correlationOfCrops(whole, crop)).toBeGreaterThan(0.97);
    expect(correlationOfCrops(crop, whole)).toBe(correlationOfCrops(whole, crop));
  },
);

it('a picture is itself, and other pictures are not', () => {
  const pictures = [1, 2, 3, 4, 5, 6].map((seed) => picture(scene(seed)));
  pictures.forEach((a, i) => {
    pictures.forEach((b, j) => {
      const correlation = correlationOfCrops(a, b);
      if (i === j) expect(correlation).toBeCloseTo(1, 5);
      else expect(correlation).toBeLessThan(0.75);
    });
  });
});

it('an even picture is like nothing', () => {
  const even = new Float32Array(GREY_SIDE ** 2).fill(90);
  expect(correlationOfCrops(even, even)).toBe(0);
  expect(correlationOfCrops(even, picture(scene(1)))).toBe(0);
});
