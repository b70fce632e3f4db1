import { describe, expect, it } from 'vitest';
import { PRECISION_BITS, resampleColumns, resampleRows, tapsFor } from '../../../src/data/resample.ts';
import type { Interpolation } from '../../../src/types.ts';

const ONE = 2 ** PRECISION_BITS;

/** One row of grey pixels through the horizontal pass; red of each output. */
function row(values: number[], output: number, filter: Interpolation): number[] {
  const rgba = Uint8ClampedArray.from(values.flatMap((v) => [v, 255 - v, 7, 255]));
  const out = new Uint8ClampedArray(output * 3);
  resampleRows(rgba, rgba.length, 1, 0, tapsFor(values.length, output, 0, output, filter), out, 0);
  return [...out].filter((_, i) => i % 3 === 0);
}

function column(values: number[], output: number, filter: Interpolation): number[] {
  const out = new Uint8ClampedArray(output);
  resampleColumns(Uint8ClampedArray.from(values), 1, 0, tapsFor(values.length, output, 0, output, filter), out, 0, 1);
  return [...out];
}

describe('taps', () => {
  it('stretches the bilinear triangle by the shrink factor', () => {
    // 4 → 2: centre 1, half-width 2, weights ¾ ¾ ¼ of the first three, made to sum to one.
    const { starts, counts, weights } = tapsFor(4, 2, 0, 2, 'bilinear');
    expect([...starts]).toEqual([0, 1]);
    expect([...counts]).toEqual([3, 3]);
    expect([...weights.subarray(0, 3)]).toEqual([3, 3, 1].map((seventh) => Math.round((seventh / 7) * ONE)));
  });

  it('enlarges with the cubic of a = −0.5', () => {
    // 2 → 4, second output: centre 0.75, distances −0.25 and 0.75 (no shrinking); others fall outside.
    const near = 1.5 * 0.25 ** 3 - 2.5 * 0.25 ** 2 + 1;
    const far = 1.5 * 0.75 ** 3 - 2.5 * 0.75 ** 2 + 1;
    const { weights, stride } = tapsFor(2, 4, 0, 4, 'bicubic');
    expect(weights[stride]).toBe(Math.round((near / (near + far)) * ONE));
    expect(weights[stride + 1]).toBe(Math.round((far / (near + far)) * ONE));
  });

  it('rounds negative weights away from zero at a half and keeps them negative', () => {
    const { weights } = tapsFor(9, 3, 1, 1, 'bicubic');
    expect(Math.min(...weights)).toBeLessThan(0);
    expect(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - ONE)).toBeLessThan(16);
  });

  it('gives a window the same taps as the whole', () => {
    for (const filter of ['bilinear', 'bicubic'] as const) {
      const whole = tapsFor(1000, 256, 0, 256, filter);
      const part = tapsFor(1000, 256, 16, 224, filter);
      expect(part.starts).toEqual(whole.starts.slice(16, 240));
      expect(part.weights).toEqual(whole.weights.slice(16 * whole.stride, 240 * whole.stride));
    }
  });
});

describe.each([
  ['horizontal', row],
  ['vertical', column],
] as const)('%s pass', (_, resample) => {
  it('gives the hand-computed means', () => {
    // (3·0 + 3·100 + 200) / 7 = 71.4; (100 + 3·200 + 3·50) / 7 = 121.4
    expect(resample([0, 100, 200, 50], 2, 'bilinear')).toEqual([71, 121]);
    // ¾ and ¼ of the neighbours: 25 and 75, the ends kept.
    expect(resample([0, 100], 4, 'bilinear')).toEqual([0, 25, 75, 100]);
  });

  it('rounds halves up', () => {
    expect(resample([0, 1], 1, 'bilinear')).toEqual([1]);
    expect(resample([254, 255], 1, 'bilinear')).toEqual([255]);
  });

  it('clamps what the cubic overshoots', () => {
    const enlarged = resample([0, 0, 255, 255], 16, 'bicubic');
    expect(Math.min(...enlarged)).toBe(0);
    expect(Math.max(...enlarged)).toBe(255);
    expect(enlarged).toEqual(enlarged.map((_, i) => 255 - (enlarged[15 - i] ?? 0)));
  });

  it('leaves an image of the same size as it is, and a flat one flat', () => {
    const values = [3, 250, 0, 17, 99, 128];
    for (const filter of ['bilinear', 'bicubic'] as const) {
      expect(resample(values, 6, filter)).toEqual(values);
      expect(resample(new Array(50).fill(255), 7, filter)).toEqual(new Array(7).fill(255));
      expect(resample(new Array(3).fill(113), 20, filter)).toEqual(new Array(20).fill(113));
    }
  });
});
