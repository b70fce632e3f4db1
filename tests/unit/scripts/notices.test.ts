import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { drawnWorks, noticesText, packageFolder, packageWork } from '../../../scripts/notices/notices.ts';
import { hands } from '../../../src/data/demo/hands.ts';

const root = resolve(import.meta.dirname, '../../..');

async function packageOf(facts: object, files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-package-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'one', version: '1.2.3', ...facts }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

test.each([
  ['/x/node_modules/idb/build/index.js', '/x/node_modules/idb'],
  ['/x/node_modules/@mantine/core/esm/a.mjs?used', '/x/node_modules/@mantine/core'],
  ['/x/node_modules/a/node_modules/b/c.js', '/x/node_modules/a/node_modules/b'],
  ['\0/x/node_modules/a/b.js?commonjs-proxy', '/x/node_modules/a'],
  ['C:\\x\\node_modules\\idb\\index.js', 'C:/x/node_modules/idb'],
  ['/x/src/main.tsx', null],
])('%j is of the package in %j', (module, folder) => {
  expect(packageFolder(module)).toBe(folder);
});

test('a package’s own licence and notice are handed on as they are', async () => {
  const folder = await packageOf(
    { license: 'MIT', author: 'Ann' },
    { LICENSE: 'Copyright Ann', 'NOTICE.txt': 'By Ann.' },
  );
  const text = noticesText(root, [folder]);
  expect(text).toContain('one 1.2.3\nhttps://www.npmjs.com/package/one\nLicence: MIT\n\nCopyright Ann\n\nBy Ann.\n');
});

test('packages with the same words share one entry', async () => {
  const folders = await Promise.all(
    ['a', 'b'].map((name) => packageOf({ name, license: 'ISC' }, { LICENSE: 'Copyright of both' })),
  );
  const text = noticesText(root, folders);
  expect(text.split('Copyright of both')).toHaveLength(2);
  expect(text).toMatch(/^a 1\.2\.3\n.*\nb 1\.2\.3\n.*\nLicence: ISC$/m);
});

test('where a package has no file, its licence is worded with its author', async () => {
  const { text } = packageWork(await packageOf({ license: 'MIT', author: 'Ann <ann@example.org>' }));
  expect(text).toMatch(/^Copyright \(c\) Ann\n\nPermission is hereby granted/);
});

test.each([
  ['no author to word it with', { license: 'MIT' }, /neither its text nor its author/],
  ['no licence', {}, /license/],
  ['a licence nobody looked at', { license: 'GPL-3.0-only', author: 'Ann' }, /GPL-3\.0-only/],
])('refuses a package with %s', async (_, facts, reason) => {
  const folder = await packageOf(facts);
  expect(() => noticesText(root, [folder])).toThrow(reason);
});

test('the Apache License stands once, for all that are under it', () => {
  const folder = join(root, 'node_modules/comlink');
  const text = noticesText(root, [folder]);
  expect(text.split('TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION')).toHaveLength(2);
  expect(text).toContain('comlink');
});

test('every set of emoji is credited', () => {
  expect(drawnWorks(root).map(({ name }) => name.split(' by ')[0])).toEqual(hands.map(({ name }) => name));
});
