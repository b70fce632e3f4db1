import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareNames, nameKey, printable } from '../../src/names.ts';

test('composed and decomposed accents are one name, all else stays apart', () => {
  expect(nameKey('cafe\u0301')).toBe(nameKey('caf\u00e9'));
  expect(nameKey('\u1112\u1161\u11ab')).toBe(nameKey('\ud55c'));
  for (const [a, b] of [
    ['a', 'A'],
    ['a', 'a '],
    ['ﬁ', 'fi'],
    ['２', '2'],
  ] as const) {
    expect(nameKey(a)).not.toBe(nameKey(b));
  }
});

test('people read numbers by their value', () => {
  const names = ['10', '2', 'class 10', '0', 'class 9', '11', '1', 'B', 'a', 'b'];
  expect(names.sort(compareNames)).toEqual(['0', '1', '2', '10', '11', 'a', 'b', 'B', 'class 9', 'class 10']);
});

test('an order: antisymmetric, and only a name itself is equal to it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(Math.sign(compareNames(a, b)) + Math.sign(compareNames(b, a))).toBe(0);
      expect(compareNames(a, b) === 0).toBe(a === b);
    }),
  );
});

test('nothing is printed that XML forbids', () => {
  expect(printable('a\u000bb\0\u001b[0m\ufffe')).toBe('ab[0m');
  expect(printable('tab\tline\r\n é 🥝 <&>')).toBe('tab\tline\r\n é 🥝 <&>');
  expect(printable('\ud800x\udc00')).toBe('\ufffdx\ufffd');
  // https://www.w3.org/TR/xml/#charsets
  const allowed = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u;
  fc.assert(
    fc.property(fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }), (text) =>
      allowed.test(printable(text)),
    ),
  );
});
