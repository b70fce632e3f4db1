import { afterEach, expect, test, vi } from 'vitest';
import { canShareMemory } from '../../../src/math/shared-memory.ts';

afterEach(() => vi.unstubAllGlobals());

test.each([
  ['an isolated page', true, SharedArrayBuffer, true],
  ['a page that is not isolated', false, SharedArrayBuffer, false],
  ['a page that says nothing of it', undefined, SharedArrayBuffer, false],
  ['an isolated page of WebKitGTK, which has no shared memory', true, undefined, false],
])('%s', (_, isolated, buffer, expected) => {
  vi.stubGlobal('crossOriginIsolated', isolated);
  vi.stubGlobal('SharedArrayBuffer', buffer);
  expect(canShareMemory()).toBe(expected);
});
