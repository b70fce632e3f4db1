import { afterEach, expect, test } from 'vitest';
import {
  answerFrom,
  cacheName,
  forgetOldVersions,
  keepVersion,
  pathBelow,
  type Version,
} from '../../../src/service-worker/version.ts';

const SCOPE = 'https://host.test/likeness/';

async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function versionOf(id: string, files: Record<string, string>): Promise<Version> {
  const digests = await Promise.all(
    Object.entries(files).map(async ([path, text]) => [path, await digest(text)] as const),
  );
  return { id, files: Object.fromEntries(digests) };
}

/** A server with these files, and what it was asked for. */
function server(files: Record<string, string>): { ask: typeof fetch; asked: string[] } {
  const asked: string[] = [];
  const ask: typeof fetch = async (input) => {
    const path = String(input).slice(SCOPE.length);
    asked.push(path);
    const text = files[path];
    return text === undefined ? new Response('There is no such file.', { status: 404 }) : new Response(text);
  };
  return { ask, asked };
}

const text = async (version: Version, path: string) =>
  (await answerFrom(version, `${SCOPE}${path}`, SCOPE, caches))?.text() ?? null;

const one = { '': 'page 1', 'assets/a-1.js': 'a', 'assets/b-1.js': 'b', 'favicon.svg': 'icon 1' };
const two = { '': 'page 2', 'assets/a-1.js': 'a', 'assets/b-2.js': 'bb', 'favicon.svg': 'icon 2' };

afterEach(async () => {
  for (const name of await caches.keys()) await caches.delete(name);
});

test('a version answers for its own files, the page by its folder, by its name, and with any query', async () => {
  const version = await versionOf('1', one);
  await keepVersion(version, SCOPE, caches, server(one).ask);
  expect(await text(version, '')).toBe('page 1');
  expect(await text(version, 'index.html')).toBe('page 1');
  expect(await text(version, '?automation')).toBe('page 1');
  expect(await text(version, 'assets/b-1.js')).toBe('b');
  expect(await text(version, 'models/index.json')).toBeNull();
  expect(await answerFrom(version, 'https://host.test/other/', SCOPE, caches)).toBeNull();
  expect(pathBelow('https://other.test/likeness/', SCOPE)).toBeNull();
});

test.each([
  ['another file', { ...one, 'assets/b-1.js': 'of another build' }],
  ['no file', { '': 'page 1', 'assets/a-1.js': 'a', 'favicon.svg': 'icon 1' }],
])('where the server has %s, nothing is kept', async (_, there) => {
  const version = await versionOf('1', one);
  await expect(keepVersion(version, SCOPE, caches, server(there).ask)).rejects.toThrow('assets/b-1.js');
  expect(await caches.keys()).toEqual([]);
});

test('an update fetches only what has changed, and both versions’ pages find their parts until the next one', async () => {
  const first = await versionOf('1', one);
  const second = await versionOf('2', two);
  await keepVersion(first, SCOPE, caches, server(one).ask);
  const { ask, asked } = server(two);
  await keepVersion(second, SCOPE, caches, ask);
  expect(asked.sort()).toEqual(['', 'assets/b-2.js', 'favicon.svg']);
  // The version before answers until the user takes the new one.
  expect(await text(first, '')).toBe('page 1');
  expect(await text(first, 'favicon.svg')).toBe('icon 1');

  await forgetOldVersions(second, caches);
  expect(await text(second, '')).toBe('page 2');
  expect(await text(second, 'favicon.svg')).toBe('icon 2');
  expect(await text(second, 'assets/b-1.js')).toBe('b');

  const third = await versionOf('3', { '': 'page 3' });
  await keepVersion(third, SCOPE, caches, server({ '': 'page 3' }).ask);
  await forgetOldVersions(third, caches);
  expect(await caches.keys()).toEqual([cacheName(second), cacheName(third)]);
  expect(await text(third, 'assets/b-1.js')).toBeNull();
});

test('a kept file that was damaged is fetched again', async () => {
  const first = await versionOf('1', one);
  await keepVersion(first, SCOPE, caches, server(one).ask);
  await (await caches.open(cacheName(first))).put(`${SCOPE}assets/a-1.js`, new Response('damaged'));
  const { ask, asked } = server(two);
  await keepVersion(await versionOf('2', two), SCOPE, caches, ask);
  expect(asked).toContain('assets/a-1.js');
});

test('caches that are not the app’s stay', async () => {
  await caches.open('somebody-else');
  const version = await versionOf('1', one);
  await keepVersion(version, SCOPE, caches, server(one).ask);
  await forgetOldVersions(version, caches);
  expect(await caches.keys()).toEqual(['somebody-else', cacheName(version)]);
});
