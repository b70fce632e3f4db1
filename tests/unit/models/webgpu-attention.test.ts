import { expect, test } from 'vitest';
import { attentionWgsl, WORKGROUP } from '../../../src/models/engines/webgpu/attention.ts';

/** What every WebGPU device has; the software adapter of the other tests has more. */
const STORAGE_BYTES = 16_384;
const INVOCATIONS = 256;

test.each([
  { grouped: false, arrays: 5, most: 16_256 },
  { grouped: true, arrays: 4, most: 15_744 },
])('attention keeps to what every device has for a workgroup, %o', ({ grouped, arrays: count, most }) => {
  const arrays = [...attentionWgsl(grouped).matchAll(/var<workgroup> \w+ : array<(f32|vec4<f32>), (\d+)>/g)];
  expect(arrays).toHaveLength(count);
  const bytes = arrays.reduce((sum, [, type, length]) => sum + (type === 'f32' ? 4 : 16) * Number(length), 0);
  expect(bytes).toBe(most);
  expect(bytes).toBeLessThanOrEqual(STORAGE_BYTES);
  expect(WORKGROUP).toBeLessThanOrEqual(INVOCATIONS);
});
