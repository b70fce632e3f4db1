import { beforeAll, describe, expect, inject, it } from 'vitest';
import { type CropRule, cropInto, type PixelSource } from '../../../src/data/crop.ts';
import { withDecoded } from '../../../src/data/decode.ts';
import { plainResample, type Resample } from '../../../src/data/resample.ts';
import { fetchSimdResample } from '../../../src/data/resample-simd.ts';
import { pixelsOverWhite } from '../../../src/data/white-canvas.ts';
import { seededRandom } from '../../../src/math/random.ts';

const sharedDir = inject('sharedDir');
const parity = `/@fs${sharedDir}/parity`;

const PHOTOS = [
  '00008.jpg',
  '00172.jpg',
  '00367.jpg',
  '00538.jpg',
  '00755.jpg',
  '00920.jpg',
  '01156.jpg',
  '01320.jpg',
  '01504.jpg',
  'collage_1600x800.jpg',
  'exif_orientation_6.jpg',
  'grayscale.jpg',
  'portrait_300x800.png',
  'progressive.jpg',
  'small_120x90.png',
];

async function load(path: string): Promise<Blob> {
  const response = await fetch(`${parity}/${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.blob();
}

let simdResample: Resample;
beforeAll(async () => {
  const fetched = await fetchSimdResample();
  if (!fetched) throw new Error('This browser has no SIMD.');
  simdResample = fetched;
});

function crop(file: Blob, rule: CropRule, resample: Resample): Promise<Uint8ClampedArray> {
  return withDecoded(file, (bitmap) => {
    const out = new Uint8ClampedArray(rule.size * rule.size * 3);
    cropInto(pixelsOverWhite(bitmap), rule, out, 0, resample);
    return out;
  });
}

function rgb(file: Blob): Promise<Uint8ClampedArray> {
  return withDecoded(file, (bitmap) => {
    const rgba = pixelsOverWhite(bitmap).read(0, 0, bitmap.width, bitmap.height);
    return rgba.filter((_, i) => i % 4 !== 3);
  });
}

describe.skipIf(!sharedDir).each(['bilinear', 'bicubic'] as const)(
  '%s crops equal those of Pillow and torchvision (skipped without ../shared)',
  (interpolation) => {
    it.each(PHOTOS)('%s', async (name) => {
      const file = await load(`photos/${name}`);
      const ours = await crop(file, { size: 224, cropPct: 0.875, interpolation }, simdResample);
      const reference = await rgb(await load(`crops/${interpolation}/${name.replace(/\.\w+$/, '.png')}`));
      expect(reference.length).toBe(ours.length);
      const differences = ours.map((value, i) => Math.abs(value - (reference[i] ?? 0)));
      const mean = differences.reduce((sum, value) => sum + value, 0) / ours.length;
      const far = differences.filter((value) => value > 4).length / ours.length;
      expect(mean).toBeLessThanOrEqual(0.6);
      expect(far).toBeLessThanOrEqual(0.005);
    });
  },
);

describe('with SIMD', () => {
  // Shrunk and enlarged, wide and tall, one pixel, rows that are no multiple of a vector, and more than one strip.
  it.each([
    [640, 427, 224, 'bicubic'],
    [427, 640, 224, 'bilinear'],
    [1801, 1799, 224, 'bicubic'],
    [90, 120, 224, 'bicubic'],
    [3, 700, 37, 'bicubic'],
    [1, 1, 5, 'bilinear'],
    [61, 47, 31, 'bilinear'],
  ] as const)('%i × %i to %i has the bytes of plain arrays (%s)', (width, height, size, interpolation) => {
    const random = seededRandom(width);
    const pixels = Uint8ClampedArray.from({ length: width * height * 4 }, () => {
      // Often black or white, where a cubic shoots over.
      return Math.min(255, Math.max(0, 400 * random.uniform() - 70));
    });
    const source: PixelSource = {
      width,
      height,
      read: (x, y, across, down) => {
        const part = new Uint8ClampedArray(across * down * 4);
        for (let row = 0; row < down; row++) {
          const from = ((y + row) * width + x) * 4;
          part.set(pixels.subarray(from, from + across * 4), row * across * 4);
        }
        return part;
      },
    };
    const by = (resample: Resample) => {
      const out = new Uint8ClampedArray(size * size * 3 + 7);
      cropInto(source, { size, cropPct: 0.9, interpolation }, out, 7, resample);
      return out;
    };
    // Twice: the second finds what the first left in memory.
    const expected = by(plainResample);
    for (let i = 0; i < 2; i++) {
      const found = by(simdResample);
      expect(found.findIndex((value, place) => value !== expected[place])).toBe(-1);
    }
  });
});
