import { describe, expect, it } from 'vitest';
import { COLOUR_GRADIENT, colourGradient } from '../../../src/models/colour-gradient.ts';

const SIZE = 64;
const { features, colourFeatures } = COLOUR_GRADIENT;

type Paint = (x: number, y: number) => readonly [number, number, number];

function image(paint: Paint, size = SIZE): Uint8Array {
  const pixels = Array.from({ length: size * size }, (_, i) => paint(i % size, Math.floor(i / size)));
  return Uint8Array.from(pixels.flat());
}

function describeImage(paint: Paint, size = SIZE) {
  const row = colourGradient(image(paint, size), 1, size);
  return { row, colour: row.subarray(0, colourFeatures), gradient: row.subarray(colourFeatures) };
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

const cosine = (a: Float32Array, b: Float32Array) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));

const stripes: Paint = (x) => (x % 16 < 8 ? [200, 60, 40] : [90, 20, 10]);
const turnedStripes: Paint = (_, y) => stripes(y, 0);
const disc: Paint = (x, y) => ((x - 32) ** 2 + (y - 32) ** 2 < 300 ? [60, 140, 50] : [230, 230, 225]);

describe('colourGradient', () => {
  it('gives a unit row an image, the same alone and in a batch', () => {
    const both = Uint8Array.from([...image(stripes), ...image(disc)]);
    const rows = colourGradient(both, 2, SIZE);
    expect(rows).toHaveLength(2 * features);
    expect(rows.subarray(0, features)).toEqual(describeImage(stripes).row);
    expect(rows.subarray(features)).toEqual(describeImage(disc).row);
    for (const row of [rows.subarray(0, features), rows.subarray(features)]) expect(dot(row, row)).toBeCloseTo(1, 5);
  });

  it.each<[string, Paint]>([
    ['black', () => [0, 0, 0]],
    ['white', () => [255, 255, 255]],
    ['one colour', () => [13, 200, 90]],
  ])('is finite for %s, without any gradient', (_, paint) => {
    const { row, gradient } = describeImage(paint);
    expect(row.every(Number.isFinite)).toBe(true);
    expect(row.some((value) => value > 0)).toBe(true);
    expect(gradient.every((value) => value === 0)).toBe(true);
  });

  it('tells black, grey and white apart, and no hue in any of them', () => {
    const [black, grey, white] = [0, 128, 255].map((value) => describeImage(() => [value, value, value]).colour);
    if (!black || !grey || !white) throw new Error('three images');
    expect(cosine(black, white)).toBeCloseTo(0, 3);
    expect(cosine(black, grey)).toBeLessThan(0.5);
    const almostGrey = describeImage(() => [129, 128, 127]).colour;
    expect(cosine(grey, almostGrey)).toBeGreaterThan(0.95);
  });

  it('a change of hue at equal luma changes the colour part only', () => {
    const grey: Paint = (x) => (x < 32 ? [100, 100, 100] : [180, 180, 180]);
    // Rec. 601 luma moves by 0.299 · 59 − 0.587 · 30 = 0.03 levels.
    const tinted: Paint = (x, y) => {
      const [value] = grey(x, y);
      return [value + 59, value - 30, value];
    };
    const [before, after] = [describeImage(grey), describeImage(tinted)];
    expect(cosine(before.colour, after.colour)).toBeLessThan(0.5);
    expect(cosine(before.gradient, after.gradient)).toBeGreaterThan(0.999);
  });

  it('a turn changes the gradient part, and colours that stay in place do not', () => {
    const [upright, turned] = [describeImage(stripes), describeImage(turnedStripes)];
    expect(cosine(upright.gradient, turned.gradient)).toBeLessThan(0.2);
    expect(cosine(upright.colour, turned.colour)).toBeGreaterThan(0.99);
  });

  it('changes little with a shift by two pixels and with the size, much with another picture', () => {
    const { row } = describeImage(disc);
    const shifted = describeImage((x, y) => disc(x + 2, y)).row;
    const enlarged = describeImage((x, y) => disc(x / 2, y / 2), 2 * SIZE).row;
    expect(cosine(row, shifted)).toBeGreaterThan(0.97);
    expect(cosine(row, enlarged)).toBeGreaterThan(0.95);
    expect(cosine(row, describeImage(stripes).row)).toBeLessThan(0.5);
  });

  it('only reads the pixels', () => {
    const pixels = image(disc);
    const copy = pixels.slice();
    colourGradient(pixels, 1, SIZE);
    expect(pixels).toEqual(copy);
  });
});
