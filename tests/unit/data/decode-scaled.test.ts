import { expect, test } from 'vitest';
import { eighthsFor } from '../../../src/data/decode-scaled.ts';

test('a JPEG is decoded to the fewest eighths that keep enough of its shorter side, and no more than half', () => {
  expect(eighthsFor({ width: 4032, height: 3024 }, 640)).toBe(2);
  expect(eighthsFor({ width: 3024, height: 4032 }, 640)).toBe(2);
  expect(eighthsFor({ width: 12_000, height: 9000 }, 640)).toBe(1);
  expect(eighthsFor({ width: 1280, height: 1280 }, 640)).toBe(4);
  expect(eighthsFor({ width: 1280, height: 1279 }, 640)).toBeNull();
  expect(eighthsFor({ width: 4032, height: 3024 }, Number.POSITIVE_INFINITY)).toBeNull();
});
