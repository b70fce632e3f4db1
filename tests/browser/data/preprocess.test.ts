import { describe, expect, inject, it } from 'vitest';
import { type CropRule, cropInto } from '../../../src/data/crop.ts';
import { withDecoded } from '../../../src/data/decode.ts';
import { pixelsOverWhite } from '../../../src/data/white-canvas.ts';

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

function crop(file: Blob, rule: CropRule): Promise<Uint8ClampedArray> {
  return withDecoded(file, (bitmap) => {
    const out = new Uint8ClampedArray(rule.size * rule.size * 3);
    cropInto(pixelsOverWhite(bitmap), rule, out, 0);
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
      const ours = await crop(await load(`photos/${name}`), { size: 224, cropPct: 0.875, interpolation });
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
