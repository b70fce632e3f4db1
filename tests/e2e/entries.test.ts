import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const assets = resolve(import.meta.dirname, '../../dist/assets');

/** Files that a script imports, at once or later. Workers are started, not imported. */
const importedBy = (code: string) =>
  [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["'`]\.\/([^"'`]+\.js)["'`]/g)].map(([, file = '']) => file);

test('no script of the built app imports a worker’s entry: WebKit would evaluate it a second time', async () => {
  const scripts = (await readdir(assets)).filter((name) => name.endsWith('.js'));
  const codes = await Promise.all(scripts.map((name) => readFile(join(assets, name), 'utf8')));
  const entries = scripts.filter((name) => name.includes('.worker-'));
  expect(entries.map((name) => name.slice(0, name.indexOf('.'))).sort()).toEqual(
    ['analysis', 'backbone', 'image', 'kernels', 'map', 'plain-search', 'search', 'training', 'weights'].sort(),
  );
  const imports = codes.flatMap((code, at) =>
    importedBy(code).flatMap((file) => (entries.includes(file) ? [`${scripts[at]} → ${file}`] : [])),
  );
  expect(imports).toEqual([]);
  // What is looked for is found at all: entries import what they share.
  const training = codes[scripts.findIndex((name) => name.startsWith('training.worker-'))] ?? '';
  expect(importedBy(training).length).toBeGreaterThan(0);
});
