import { expect, test } from 'vitest';
import { pathSegments } from '../../../../scripts/server/file-paths.ts';

test('a path is taken apart as it was sent', () => {
  expect(pathSegments('/models/a%20b/config.json?x=1#y')).toEqual(['models', 'a b', 'config.json']);
});

test.each([
  'index.html',
  '/a/../b',
  '/a/%2e%2e/b',
  '/.env',
  '/a%2fb',
  '/a%5cb',
  '/C:/a',
  '/a%00.js',
  '/a%1fb',
  '/a%7fb',
  '/a%C2%85b',
  '/a%',
])('%s is refused', (target) => {
  expect(pathSegments(target)).toBeNull();
});
