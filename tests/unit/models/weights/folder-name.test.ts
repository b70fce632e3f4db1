import fc from 'fast-check';
import { expect, test } from 'vitest';
import { folderName } from '../../../../src/models/weights/folder-name.ts';

test('ids in the hub layout stay readable', () => {
  expect(folderName('resnet50.tv_in1k')).toBe('resnet50.tv_in1k');
});

test.each([
  ['..', '%2e.'],
  ['.', '%2e'],
  ['a/b\\c', 'a%2fb%5cc'],
  ['%2e', '%252e'],
  ['é', '%c3%a9'],
])('%s becomes %s', (id, name) => {
  expect(folderName(id)).toBe(name);
});

test.each(['', 'x'.repeat(201), '/'.repeat(70)])('unusable ids are refused', (id) => {
  expect(() => folderName(id)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
});

test('no name is a path, and no two ids share one', () => {
  const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(id, id, (a, b) => {
      expect(folderName(a)).toMatch(/^[\w%-][\w.%-]*$/);
      expect(folderName(a) === folderName(b)).toBe(a === b);
    }),
  );
});
