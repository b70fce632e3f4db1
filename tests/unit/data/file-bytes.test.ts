import { createHash } from 'node:crypto';
import { afterEach, expect, it, vi } from 'vitest';
import { sha256 } from '../../../src/data/file-bytes.ts';

afterEach(() => vi.unstubAllGlobals());

const bytes = Uint8Array.from({ length: 9 * 2 ** 20 + 1 }, (_, i) => (i * 31) % 251);
const expected = createHash('sha256').update(bytes).digest('hex');

it('is the known digest of "abc" and of nothing', async () => {
  expect(await sha256(new Blob(['abc']))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(await sha256(new Blob([]))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

it('is the same without the browser’s own digest, piece by piece', async () => {
  expect(await sha256(new Blob([bytes]))).toBe(expected);
  vi.stubGlobal('crypto', {});
  expect(await sha256(new Blob([bytes]))).toBe(expected);
});

it('says that a file is gone', async () => {
  const gone = new Blob(['abc']);
  gone.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError'));
  await expect(sha256(gone)).rejects.toMatchObject({ code: 'files-gone' });
});
