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

describe('a large JPEG', () => {
  const [WIDTH, HEIGHT] = [1601, 1203];

  /** Blocks of colours, none like another; turned by EXIF. */
  async function turned(orientation: number): Promise<Blob> {
    const context = new OffscreenCanvas(WIDTH, HEIGHT).getContext('2d');
    if (!context) throw new Error('No 2D canvas.');
    for (let y = 0; y < 6; y++) {
      for (let x = 0; x < 8; x++) {
        context.fillStyle = `hsl(${x * 45} ${20 + y * 15}% ${25 + ((x + y) % 5) * 12}%)`;
        context.fillRect(x * 201, y * 201, 201, 201);
      }
    }
    const jpeg = await context.canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 });
    const head = [0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1];
    const entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
    return new Blob([jpeg.slice(0, 2), Uint8Array.from([...head, ...entry]), jpeg.slice(2)]);
  }

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'is upright when it is decoded smaller, turned as EXIF says (%d)',
    async (orientation) => {
      const file = await turned(orientation);
      const rule = { size: 96, cropPct: 1, interpolation: 'bilinear' } as const;
      const cropped = (shorterSide?: number) =>
        withDecoded(
          file,
          (bitmap, size) => {
            const out = new Uint8ClampedArray(rule.size * rule.size * 3);
            cropInto(pixelsOverWhite(bitmap), rule, out, 0, simdResample);
            return { out, size: [size.width, size.height], bitmap: [bitmap.width, bitmap.height] };
          },
          shorterSide,
        );
      const whole = await cropped();
      const small = await cropped(240);
      const sides = orientation < 5 ? [WIDTH, HEIGHT] : [HEIGHT, WIDTH];
      expect([whole.bitmap, whole.size, small.size]).toEqual([sides, sides, sides]);
      // Two eighths of 1203 are 301, and 240 are wanted.
      expect(small.bitmap).toEqual(sides.map((side) => Math.ceil(side / 4)));
      const differences = small.out.map((value, i) => Math.abs(value - (whole.out[i] ?? 0)));
      expect(differences.reduce((sum, value) => sum + value, 0) / differences.length).toBeLessThan(1.5);
    },
  );

  it('is decoded whole where half of it is not enough, and so is every other format', async () => {
    const jpeg = await turned(1);
    const context = new OffscreenCanvas(2000, 2000).getContext('2d');
    const png = await context?.canvas.convertToBlob();
    if (!png) throw new Error('No 2D canvas.');
    const widthOf = (file: Blob, shorterSide: number) => withDecoded(file, ({ width }) => width, shorterSide);
    expect(await widthOf(jpeg, 602)).toBe(WIDTH);
    expect(await widthOf(jpeg, 601)).toBe(801);
    expect(await widthOf(png, 10)).toBe(2000);
  });

  it('that is damaged says so', async () => {
    const jpeg = await turned(1);
    const cut = new Blob([jpeg.slice(0, 700), new Uint8Array(9000)]);
    await expect(withDecoded(cut, () => {}, 10)).rejects.toMatchObject({ code: 'image-undecodable' });
  });
});
