import { ARCHITECTURES } from '../../src/models/specs/architectures.ts';
import type { ArchitectureName, Preprocessing } from '../../src/types.ts';
import { formulaImage } from '../formula.ts';

/** Numbers of a square crop. */
export const cropLength = (side: number): number => 3 * side * side;

/** So prepared, the formula's images, in 8 bits, have the values that the parity tests give the networks. */
const MEAN = 0.5;
const STD = 0.25;

export function formulaPreprocessing(architecture: ArchitectureName): Preprocessing {
  const three = <T>(value: T) => [value, value, value] as const;
  return { ...ARCHITECTURES[architecture].preprocessing, mean: three(MEAN), std: three(STD) };
}

/** 8-bit RGB [images, side, side, 3]. */
export function formulaCrops(images: number, side: number): Uint8Array<ArrayBuffer> {
  const crops = new Uint8Array(images * cropLength(side));
  for (let image = 0; image < images; image++) {
    crops.set(
      formulaImage(image, side).map((value) => Math.round(255 * (value * STD + MEAN))),
      image * cropLength(side),
    );
  }
  return crops;
}

/** The first n crops as ONNX graphs want them, [n, 3, side, side]. */
export function normalised(crops: Uint8Array, n: number, side: number): Float32Array<ArrayBuffer> {
  const plane = side * side;
  const values = new Float32Array(n * cropLength(side));
  for (let i = 0; i < values.length; i++) {
    const c = Math.floor(i / plane) % 3;
    const pixel = crops[(Math.floor(i / cropLength(side)) * plane + (i % plane)) * 3 + c] ?? 0;
    values[i] = (pixel / 255 - MEAN) / STD;
  }
  return values;
}

/** ‖found − expected‖ / ‖expected‖ of each of the images' features, the worst. */
export function worstDifference(found: Float32Array, expected: Float32Array, images: number): number {
  return Math.max(
    ...eachImage(found, expected, images, (ours, theirs) => {
      const gap = theirs.map((value, i) => value - (ours[i] ?? Number.NaN));
      return Math.hypot(...gap) / Math.hypot(...theirs);
    }),
  );
}

/** The cosine of found and expected of each of the images' features, the lowest. */
export function worstCosine(found: Float32Array, expected: Float32Array, images: number): number {
  return Math.min(
    ...eachImage(found, expected, images, (ours, theirs) => {
      const product = theirs.reduce((sum, value, i) => sum + value * (ours[i] ?? Number.NaN), 0);
      return product / (Math.hypot(...ours) * Math.hypot(...theirs));
    }),
  );
}

function eachImage(
  found: Float32Array,
  expected: Float32Array,
  images: number,
  compare: (ours: Float32Array, theirs: Float32Array) => number,
): number[] {
  if (found.length !== expected.length) throw new Error('The features differ in number.');
  const length = expected.length / images;
  return Array.from({ length: images }, (_, image) => {
    const [begin, end] = [image * length, (image + 1) * length];
    return compare(found.subarray(begin, end), expected.subarray(begin, end));
  });
}
