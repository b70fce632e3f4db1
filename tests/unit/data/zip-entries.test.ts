import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { archiveFolder, checkZipName } from '../../../src/data/zip-entries.ts';

describe('names in archives', () => {
  test.each([
    '../evil.jpg',
    'a/../../evil.jpg',
    '..',
    '/etc/passwd',
    'C:/x.jpg',
    'c:x.jpg',
    './c:x.jpg',
    'a\\b.jpg',
    '..\\evil.jpg',
    '\\\\server\\x',
    'a\0.jpg',
    '',
    './',
    '//',
  ])('%j is refused', (name) => {
    expect(checkZipName(name)).toHaveProperty('refused');
  });

  test('a path of 6,000 characters is refused', () => {
    expect(checkZipName(`${'a/'.repeat(3000)}x.jpg`)).toHaveProperty('refused');
  });

  test('deeper than any folder is refused: of thousands such names, each would be looked at a thousand times', () => {
    expect(checkZipName(`${'a/'.repeat(40)}x.jpg`)).toHaveProperty('path');
    expect(checkZipName(`${'a/'.repeat(41)}x.jpg`)).toEqual({ refused: 'lies more than 40 folders deep' });
  });

  test.each([
    ['a/b.jpg', 'a/b.jpg'],
    ['./a//b.jpg', 'a/b.jpg'],
    ['training/100% #1 +plus=eq;semi,comma.jpg', 'training/100% #1 +plus=eq;semi,comma.jpg'],
    ['%2e%2e%2fescape.jpg', '%2e%2e%2fescape.jpg'],
    ['a..b/...jpg', 'a..b/...jpg'],
    ['__proto__/1.jpg', '__proto__/1.jpg'],
  ])('%j is a path', (name, path) => {
    expect(checkZipName(name)).toEqual({ path });
  });

  test('no accepted path leads anywhere but down', () => {
    const name = fc.stringMatching(/^[./\\:aC\0]{0,12}$/);
    fc.assert(
      fc.property(fc.oneof(name, fc.string()), (text) => {
        const checked = checkZipName(text);
        if ('refused' in checked) return;
        expect(new URL(checked.path.split('/').map(encodeURIComponent).join('/'), 'http://x/in/').pathname).toMatch(
          /^\/in\/./,
        );
        expect(checked.path).not.toMatch(/^\/|\/\/|\/$|\\|(^|\/)\.{1,2}(\/|$)|^[a-z]:/i);
      }),
      { numRuns: 1000 },
    );
  });

  test('the archive’s name without its ending is the folder', () => {
    expect([archiveFolder('My set.ZIP'), archiveFolder('.zip'), archiveFolder('a.b.zip')]).toEqual([
      'My set',
      'archive',
      'a.b',
    ]);
  });
});
