import { createHash } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { orderDigest } from '../../../src/storage/embeddings.ts';

afterEach(() => vi.unstubAllGlobals());

test('an order has its name on plain http too, where the browser’s own digest is missing', async () => {
  const expected = createHash('sha256').update('a\nb').digest('hex');
  expect(await orderDigest(['a', 'b'])).toBe(expected);
  vi.stubGlobal('crypto', {});
  expect(await orderDigest(['a', 'b'])).toBe(expected);
});
