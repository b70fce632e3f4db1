import { expect, test } from 'vitest';
import { packedHalves } from '../../../src/models/engines/webgpu/half-weights.ts';

test('two weights are a number, the first in its lower bits', () => {
  const [ones, tiny] = packedHalves(Float32Array.of(1, -2, 2 ** -24, 65504));
  expect((ones ?? 0) >>> 0).toBe(0xc0003c00);
  expect((tiny ?? 0) >>> 0).toBe(0x7bff0001);
});
