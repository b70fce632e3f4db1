import { expect, test } from 'vitest';
import { problemsCsv } from '../../src/exports/csv.ts';
import { numbersIn } from '../../src/metrics/format.ts';
import { inEnglish, inMegabytes, numeral, numeralOf, withNumerals } from '../../src/numerals.ts';

const inGerman = (sentence: string) => withNumerals(sentence, (value) => numbersIn(() => 'de').value(value, 'rank'));

test('a sentence’s numbers are written where it is read; names in it stay as they are', () => {
  const sentence = `“1,250.5 jars” holds ${numeralOf(12_400, 'image')}, ${inMegabytes(1_234_567_890)} of ${numeral(999)}.`;
  expect(inEnglish(sentence)).toBe('“1,250.5 jars” holds 12,400 images, 1,234.6 MB of 999.');
  expect(inGerman(sentence)).toBe('“1,250.5 jars” holds 12.400 images, 1.234,6 MB of 999.');
});

test('what looks alike in every language is not marked', () => {
  expect(`${numeral(0)} ${numeral(999)} ${inMegabytes(500e6)}`).toBe('0 999 500 MB');
  expect(numeralOf(1, 'class', 'classes')).toBe('1 class');
  expect(inEnglish(numeralOf(2_000, 'class', 'classes'))).toBe('2,000 classes');
});

test('a table of problems is in English in every language', () => {
  const reason = `The same holds for ${numeral(1_999)} others.`;
  const problem = { kind: 'ground-truth', severity: 'warning', path: 'a.jpg', reason, action: 'kept' } as const;
  expect(problemsCsv([problem])).toContain('"The same holds for 1,999 others."');
});
