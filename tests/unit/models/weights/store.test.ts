import fc from 'fast-check';
import { expect, test } from 'vitest';
import { folderName } from '../../../../src/models/weights/store.ts';

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

test('no name is a path, no two ids share one, and only the endless are refused', () => {
  // A grapheme may be many code points long: twelve of them can be more than a file system allows.
  const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
  const nameOrRefusal = (text: string): string | null => {
    try {
      return folderName(text);
    } catch (error) {
      expect(error).toMatchObject({ code: 'bad-argument' });
      return null;
    }
  };
  fc.assert(
    fc.property(id, id, (a, b) => {
      const [first, second] = [nameOrRefusal(a), nameOrRefusal(b)];
      if (first === null) {
        // Escaped, a byte takes three characters.
        expect(new TextEncoder().encode(a).length * 3).toBeGreaterThan(200);
      } else {
        expect(first).toMatch(/^[\w%-][\w.%-]*$/);
        expect(first === second).toBe(a === b);
      }
    }),
    { examples: [[' ', '\u{11084}'.repeat(17)]] },
  );
});
