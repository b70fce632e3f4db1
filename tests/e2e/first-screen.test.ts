import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openApp } from './browser-session.ts';

/** Bytes of JavaScript, compressed, that may come before the first screen works. */
const LARGEST = 230_000;

const dist = resolve(import.meta.dirname, '../../dist');

test('the first screen needs little JavaScript', async () => {
  const { page, errors } = await openApp();
  const scripts: string[] = [];
  page.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.push(new URL(request.url()).pathname);
  });
  await page.reload();
  await page.getByRole('heading', { name: /Drop a folder with training/ }).waitFor();
  // The worker that lists weights starts when the first screen is there, and nothing on it waits for it.
  const asked = scripts.filter((path) => !path.includes('.worker-'));
  const sizes = await Promise.all(asked.map(async (path) => gzipSync(await readFile(`${dist}${path}`)).length));
  expect(sizes.length).toBeGreaterThan(3);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(LARGEST);
  expect(errors).toEqual([]);
}, 60_000);
