import { describe, expect, it } from 'vitest';
import {
  type CropRule,
  cropInto,
  framed,
  framePixels,
  isFrame,
  type PixelSource,
  resizedSize,
} from '../../../src/data/crop.ts';

const RULE: CropRule = { size: 224, cropPct: 0.875, interpolation: 'bilinear' };

/** An image whose red is its column, green its row, blue a pattern (all modulo 256). */
function pattern(width: number, height: number, reads?: number[]): PixelSource {
  return {
    width,
    height,
    read(left, top, w, h) {
      reads?.push(w * h);
      const pixels = new Uint8ClampedArray(w * h * 4);
      for (let y = 0; y < h; y += 1) {
        for (let x = 0; x < w; x += 1) {
          const [column, row] = [left + x, top + y];
          pixels.set([column % 256, row % 256, (column * row) % 256, 255], (y * w + x) * 4);
        }
      }
      return pixels;
    },
  };
}

function crop(source: PixelSource, rule: CropRule): Uint8ClampedArray {
  const out = new Uint8ClampedArray(rule.size * rule.size * 3);
  cropInto(source, rule, out, 0);
  return out;
}

function pixel(out: Uint8ClampedArray, size: number, x: number, y: number): number[] {
  return [...out.subarray((y * size + x) * 3, (y * size + x) * 3 + 3)];
}

describe('framed', () => {
  const picture = pattern(400, 300);

  it('is the picture’s part as a picture: cropped alike', () => {
    const part = framed(picture, { x: 0.25, y: 1 / 3, width: 0.5, height: 0.5 });
    expect([part.width, part.height]).toEqual([200, 150]);
    const alone: PixelSource = { ...part, read: (x, y, w, h) => picture.read(100 + x, 100 + y, w, h) };
    expect(crop(part, RULE)).toEqual(crop(alone, RULE));
    expect(part.read(3, 4, 1, 1).slice(0, 2)).toEqual(Uint8ClampedArray.of(103, 104));
  });

  it('has a pixel at least and none outside, however small and near the edge', () => {
    expect(framePixels({ x: 0.9999, y: 0, width: 0.0001, height: 1 }, 10, 7)).toEqual({
      x: 9,
      y: 0,
      width: 1,
      height: 7,
    });
    expect(framePixels({ x: 0.7, y: 0.1, width: 0.3, height: 0.9 }, 1, 1)).toEqual({ x: 0, y: 0, width: 1, height: 1 });
  });

  it('needs an inside, within the picture', () => {
    const whole = { x: 0, y: 0, width: 1, height: 1 };
    expect(isFrame(whole)).toBe(true);
    expect(isFrame({ x: 0.1 + 0.2, y: 0, width: 0.7, height: 1 })).toBe(true);
    for (const wrong of [{ x: -0.1 }, { width: 0 }, { height: 1.1 }, { y: Number.NaN }, { x: 0.5, width: 0.6 }]) {
      expect(isFrame({ ...whole, ...wrong })).toBe(false);
    }
  });
});

describe('resizedSize', () => {
  it('fits the shorter side and truncates the longer one', () => {
    expect(resizedSize(500, 333, RULE)).toEqual([384, 256]);
    expect(resizedSize(333, 500, RULE)).toEqual([256, 384]);
    expect(resizedSize(348, 348, RULE)).toEqual([256, 256]);
    expect(resizedSize(1, 1, RULE)).toEqual([256, 256]);
    expect(resizedSize(100, 100, { ...RULE, cropPct: 0.9 })).toEqual([248, 248]);
  });
});

describe('the crop modes', () => {
  it('squashes both sides to the same length', () => {
    expect(resizedSize(500, 333, { ...RULE, cropMode: 'squash' })).toEqual([256, 256]);
    const out = crop(pattern(448, 224), { size: 224, cropPct: 1, interpolation: 'bilinear', cropMode: 'squash' });
    // Column x shows the input's columns around 2 x + 0.5, row y its row y.
    expect(pixel(out, 224, 50, 7).slice(0, 2)).toEqual([101, 7]);
    expect(pixel(out, 224, 100, 223).slice(0, 2)).toEqual([201, 223]);
  });

  it('shows the whole image with a border of the mean', () => {
    const rule: CropRule = {
      ...{ size: 100, cropPct: 1, interpolation: 'bilinear', cropMode: 'border' },
      mean: [0.5, 0.1, 1],
    };
    // Pythons's round: 66.5 → 66, 127.5 → 128, 25.5 → 26.
    expect(resizedSize(200, 133, rule)).toEqual([100, 66]);
    expect(resizedSize(1, 3000, rule)).toEqual([1, 100]);
    const out = crop(pattern(100, 61), rule);
    expect(pixel(out, 100, 3, 18)).toEqual([128, 26, 255]);
    expect(pixel(out, 100, 3, 19)).toEqual([3, 0, 0]);
    expect(pixel(out, 100, 99, 79).slice(0, 2)).toEqual([99, 60]);
    expect(pixel(out, 100, 99, 80)).toEqual([128, 26, 255]);
    // Smaller than the border's inside with a crop share: cut on one axis, padded on the other.
    const cut = crop(pattern(200, 50), { ...rule, cropPct: 0.5 });
    expect(pixel(cut, 100, 0, 25).slice(0, 2)).toEqual([50, 0]);
    expect(pixel(cut, 100, 0, 24)).toEqual([128, 26, 255]);
    expect(() => crop(pattern(10, 10), { ...RULE, cropMode: 'border' })).toThrow('mean');
  });
});

describe('cropInto', () => {
  it('takes the centre where nothing needs resizing', () => {
    const out = crop(pattern(256, 256), RULE);
    expect(pixel(out, 224, 0, 0)).toEqual([16, 16, 0]);
    expect(pixel(out, 224, 223, 5)).toEqual([239, 21, (239 * 21) % 256]);
  });

  it('rounds a half offset to the even number', () => {
    const unscaled = (side: number): CropRule => ({ size: 4, cropPct: 4 / side, interpolation: 'bicubic' });
    expect(pixel(crop(pattern(5, 5), unscaled(5)), 4, 0, 0)).toEqual([0, 0, 0]);
    expect(pixel(crop(pattern(7, 7), unscaled(7)), 4, 0, 0)).toEqual([2, 2, 4]);
    expect(pixel(crop(pattern(9, 9), unscaled(9)), 4, 0, 0)).toEqual([2, 2, 4]);
  });

  it('surrounds a smaller image with black, the odd row and column after it', () => {
    const out = crop(pattern(3, 3), { size: 6, cropPct: 2, interpolation: 'bilinear' });
    expect(pixel(out, 6, 0, 2)).toEqual([0, 0, 0]);
    expect(pixel(out, 6, 3, 3)).toEqual([2, 2, 4]);
    expect(pixel(out, 6, 4, 3)).toEqual([0, 0, 0]);
    expect([...out].filter((value) => value > 0)).toHaveLength(6 + 6 + 4);
  });

  it('reads a large image in strips that make no difference', () => {
    const reads: number[] = [];
    const small = { ...RULE, size: 32, cropPct: 0.5 };
    const strips = crop(pattern(3000, 2000, reads), small);
    expect(reads.length).toBeGreaterThan(1);
    expect(Math.max(...reads)).toBeLessThanOrEqual(2 ** 20);
    // The crop shows the middle half of the shorter side and as much across, plus the filter's margin: nothing else is read.
    expect(reads.reduce((sum, count) => sum + count)).toBeLessThan(1100 * 1100);
    const whole = pattern(3000, 2000).read(0, 0, 3000, 2000);
    const inOne = crop(
      {
        width: 3000,
        height: 2000,
        read: (x, y, w, h) => {
          const part = new Uint8ClampedArray(w * h * 4);
          for (let row = 0; row < h; row += 1) {
            const from = ((y + row) * 3000 + x) * 4;
            part.set(whole.subarray(from, from + w * 4), row * w * 4);
          }
          return part;
        },
      },
      small,
    );
    expect(strips).toEqual(inOne);
  });

  it('manages one pixel and a line of ten thousand', () => {
    expect(new Set(crop({ ...pattern(1, 1), read: () => Uint8ClampedArray.of(9, 9, 9, 255) }, RULE))).toEqual(
      new Set([9]),
    );
    expect(pixel(crop(pattern(10_000, 1), RULE), 224, 112, 0)).toEqual([5000 % 256, 0, 0]);
  });
});
