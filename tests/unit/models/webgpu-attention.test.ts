import { expect, test } from 'vitest';
import { attentionWgsl, WORKGROUP } from '../../../src/models/engines/webgpu/attention.ts';

/** What every WebGPU device has; the software adapter of the other tests has more. */
const STORAGE_BYTES = 16_384;
const INVOCATIONS = 256;

test('attention keeps to what every device has for a workgroup', () => {
  const arrays = [...attentionWgsl().matchAll(/var<workgroup> \w+ : array<(f32|vec4<f32>), (\d+)>/g)];
  expect(arrays).toHaveLength(5);
  const bytes = arrays.reduce((sum, [, type, length]) => sum + (type === 'f32' ? 4 : 16) * Number(length), 0);
  expect(bytes).toBe(16_256);
  expect(bytes).toBeLessThanOrEqual(STORAGE_BYTES);
  expect(WORKGROUP).toBeLessThanOrEqual(INVOCATIONS);
});
