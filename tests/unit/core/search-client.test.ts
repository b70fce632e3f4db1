import { afterEach, expect, test, vi } from 'vitest';
import { hasSimd } from '../../../src/core/search-client.ts';

afterEach(() => vi.restoreAllMocks());

test('asks with a module that is valid where SIMD is, and believes the answer', () => {
  expect(hasSimd()).toBe(true);
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  expect(hasSimd()).toBe(false);
});
