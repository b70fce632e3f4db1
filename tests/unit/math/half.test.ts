import { expect, test } from 'vitest';
import { narrowToHalf, packedHalves, widenHalf } from '../../../src/math/half.ts';

test('every half comes back from single precision as it was', () => {
  const all = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits).filter((bits) => (bits & 0x7c00) !== 0x7c00);
  expect(Buffer.compare(new Uint8Array(narrowToHalf(widenHalf(all)).buffer), new Uint8Array(all.buffer))).toBe(0);
});

test.each([
  [1, 0x3c00],
  [-2, 0xc000],
  [65504, 0x7bff],
  [65519.996, 0x7bff],
  [65520, 0x7c00],
  [Number.POSITIVE_INFINITY, 0x7c00],
  [2 ** -24, 1],
  [2 ** -25, 0],
  [1.5 * 2 ** -25, 1],
  [3 * 2 ** -25, 2],
  [2 ** -14 - 2 ** -26, 0x0400],
  [1 + 2 ** -11, 0x3c00],
  [1 + 3 * 2 ** -11, 0x3c02],
  [1 + 2 ** -11 + 2 ** -20, 0x3c01],
])('%f is rounded to the nearest half, ties to even', (value, bits) => {
  expect(narrowToHalf(Float32Array.of(value))).toEqual(Uint16Array.of(bits));
});

test('what is no number stays none, and infinities are told as none', () => {
  expect(narrowToHalf(Float32Array.of(Number.NaN))[0]).toBe(0x7e00);
  expect([...widenHalf(Uint16Array.of(0x7c00, 0xfc00, 0x7e00))]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
});

test('two weights are a number, the first in its lower bits', () => {
  const [ones, tiny] = packedHalves(Float32Array.of(1, -2, 2 ** -24, 65504));
  expect((ones ?? 0) >>> 0).toBe(0xc0003c00);
  expect((tiny ?? 0) >>> 0).toBe(0x7bff0001);
});
