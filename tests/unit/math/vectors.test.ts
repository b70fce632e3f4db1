import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertUnitRows, joinRows, normaliseRows } from '../../../src/math/vectors.ts';

describe('joinRows', () => {
  it('lays matrices one below the other in an array of its own', () => {
    const first = Float32Array.of(1, 2, 3, 4);
    const whole = joinRows([first, new Float32Array(0), Float32Array.of(5, 6)]);
    expect([...whole]).toEqual([1, 2, 3, 4, 5, 6]);
    whole[0] = 9;
    expect(first[0]).toBe(1);
    expect(joinRows([])).toHaveLength(0);
  });
});

describe('normaliseRows', () => {
  it('divides each row by its length, leaves zeros and its input alone', () => {
    const matrix = Float32Array.of(3, 4, 0, 0, 0, -2);
    const unit = normaliseRows(matrix, 2);
    expect([...unit]).toEqual([Math.fround(0.6), Math.fround(0.8), 0, 0, 0, -1]);
    expect([...matrix]).toEqual([3, 4, 0, 0, 0, -2]);
  });

  it('is exact for tiny and huge rows', () => {
    const huge = 2 ** 120;
    const unit = normaliseRows(Float32Array.of(2 ** -120, 0, 3 * huge, 4 * huge), 2);
    expect([...unit]).toEqual([1, 0, Math.fround(0.6), Math.fround(0.8)]);
  });

  it('always gives rows that assertUnitRows accepts', () => {
    const row = fc.float32Array({ minLength: 5, maxLength: 5, noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 6 }), (rows) => {
        const matrix = Float32Array.from(rows.flatMap((values) => [...values]));
        assertUnitRows(normaliseRows(matrix, 5), 5);
      }),
    );
  });

  it('refuses a matrix that does not divide into rows', () => {
    expect(() => normaliseRows(new Float32Array(5), 2)).toThrow(/5 numbers are no matrix with rows of 2/);
    expect(() => normaliseRows(new Float32Array(4), 0)).toThrow(/rows of 0/);
  });
});

describe('assertUnitRows', () => {
  it('names the row that is not one', () => {
    expect(() => assertUnitRows(Float32Array.of(1, 0, 0.5, 0.5), 2)).toThrow(/Embedding 2 of 2 is not of length 1/);
    expect(() => assertUnitRows(Float32Array.of(Number.NaN, 0), 2)).toThrow(/Embedding 1 of 1 .*not a number/);
    expect(() => assertUnitRows(Float32Array.of(Number.POSITIVE_INFINITY, 0), 2)).toThrow(/not a number/);
  });
});
