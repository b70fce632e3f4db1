import { expect, test } from 'vitest';
import { sideForCrop } from '../../../src/data/crop.ts';
import { eighthsFor } from '../../../src/data/decode-scaled.ts';

const rule = { size: 224, cropPct: 0.875, interpolation: 'bicubic' } as const;

test('a JPEG is decoded to the fewest eighths that keep enough of its shorter side, and no more than half', () => {
  expect(sideForCrop(rule)).toBe(640);
  expect(eighthsFor({ width: 4032, height: 3024 }, 640)).toBe(2);
  expect(eighthsFor({ width: 3024, height: 4032 }, 640)).toBe(2);
  expect(eighthsFor({ width: 12_000, height: 9000 }, 640)).toBe(1);
  expect(eighthsFor({ width: 1280, height: 1280 }, 640)).toBe(4);
  expect(eighthsFor({ width: 1280, height: 1279 }, 640)).toBeNull();
  expect(eighthsFor({ width: 4032, height: 3024 }, Number.POSITIVE_INFINITY)).toBeNull();
});

test('of a part of an image, the part keeps enough', () => {
  expect(sideForCrop(rule, { x: 0.5, y: 0, width: 0.5, height: 1 })).toBe(1280);
  expect(sideForCrop(rule, { x: 0, y: 0, width: 0.25, height: 0.2 })).toBe(3200);
});
