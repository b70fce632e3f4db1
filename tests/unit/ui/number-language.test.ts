import { afterEach, expect, test, vi } from 'vitest';
import { chosenNumbers } from '../../../src/app/settings/number-language.ts';
import { topKFigure } from '../../../src/figures/topk-curve.ts';
import { english } from '../../../src/metrics/format.ts';
import { formatCount, formatEntry, formatInterval, formatShare } from '../../../src/ui/format.ts';
import { languageChoices } from '../../../src/ui/number-language.ts';

afterEach(() => vi.unstubAllGlobals());

const inBrowser = (language: string, languages: readonly string[] = [language]) =>
  vi.stubGlobal('navigator', { language, languages });

test.each(['C', 'POSIX', 'en_US.UTF-8', '', 'x'])(
  'a browser whose language is %j writes numbers in English',
  (language) => {
    inBrowser(language);
    expect(formatCount(12_400)).toBe('12,400');
    expect(formatShare(0.0716)).toBe('7.2');
    expect(formatInterval([0.72, 0.841])).toBe('[72.0, 84.1]');
    expect(languageChoices()[0]).toEqual({ value: 'auto', label: 'As the browser (1,234,567.8)' });
  },
);

test('a language that Intl does not take is passed over for the next of the browser’s', () => {
  inBrowser('C', ['C', 'de-DE', 'en']);
  expect(formatCount(12_400)).toBe('12.400');
});

test('a language that Intl takes is used', () => {
  inBrowser('de-DE');
  expect(formatCount(12_400)).toBe('12.400');
  expect(formatInterval([0.72, 0.841])).toBe('[72,0; 84,1]');
});

test('a number in a field can be read again as it stands', () => {
  inBrowser('de-DE');
  expect([0.0001, 1500, -1.5].map(formatEntry)).toEqual(['0,0001', '1500', '-1,5']);
  inBrowser('ar-EG');
  expect(formatEntry(12.5)).toMatch(/^12\D5$/);
});

test('figures follow the screens, and the report has English ones', () => {
  inBrowser('de-DE');
  const shares = Float64Array.of(0.5, 0.755);
  const figure = topKFigure([{ label: 'R', colour: 0, shares, band: { lower: shares, upper: shares } }], 'test');
  expect(figure.summary(chosenNumbers)).toContain('top-1 50,0 %, top-2 75,5 %');
  expect(figure.summary(english)).toContain('top-1 50.0 %, top-2 75.5 %');
});
