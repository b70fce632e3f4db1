import { expect, test } from 'vitest';
import { english, numbersIn } from '../../../src/metrics/format.ts';

test('shares in per cent with one digit, differences with a sign, intervals in brackets', () => {
  expect(english.share(0.7821)).toBe('78.2');
  expect(english.share(0.4125)).toBe('41.3');
  // The same share as a mean of sums.
  expect(english.share(0.41249999999999987)).toBe('41.3');
  expect(english.points(-0.1874999999999999)).toBe('−18.8');
  expect(english.interval([0.72, 1])).toBe('[72.0, 100.0]');
  expect(english.points(-0.0041)).toBe('−0.4');
  expect(english.points(0.063)).toBe('+6.3');
  expect(english.points(-0.00001)).toBe('0.0');
  expect(english.pointsInterval([-0.012, 0.04])).toBe('[−1.2, +4.0]');
  expect(english.count(1679)).toBe('1,679');
  expect([english.amount(1, 'query', 'queries'), english.amount(2000, 'image')]).toEqual(['1 query', '2,000 images']);
});

test('sizes, times and rates have a unit and two digits that count, however large they are', () => {
  expect([english.bytes(0), english.bytes(40_000), english.bytes(4_234_000)]).toEqual(['0 MB', '< 0.1 MB', '4.2 MB']);
  expect([english.bytesOf(12e6, 98e6), english.bytesOf(12e6, null)]).toEqual(['12 of 98 MB', '12 MB']);
  expect([999.6, 1240, 95_000, 7_600_000].map(english.duration)).toEqual(['1 s', '1.2 s', '1.6 min', '2.1 h']);
  expect([59_400, 59_600, 3_580_000].map(english.duration)).toEqual(['59 s', '1 min', '1 h']);
  expect([english.timeLeft(0.3), english.timeLeft(95)]).toEqual(['less than 1 s left', '1.6 min left']);
  expect([english.rate(23.4, 'images'), english.rate(1_234_567, 'bytes'), english.rate(1_234_567, 'images')]).toEqual([
    '23 images/s',
    '1.2 MB/s',
    '1,200,000 images/s',
  ]);
});

test('a rank is no share', () => {
  expect([english.value(0.5, 'share'), english.value(2, 'rank'), english.value(2.5, 'rank')]).toEqual([
    '50.0',
    '2',
    '2.5',
  ]);
  expect(english.valueInterval([1, 3], 'rank')).toBe('[1, 3]');
  expect(english.difference(-2, 'rank')).toBe('−2.0');
  expect(english.differenceInterval([-2, 0.5], 'rank')).toBe('[−2.0, +0.5]');
});

test('follows the language whenever a number is written', () => {
  let language = 'de';
  const numbers = numbersIn(() => language);
  expect(numbers.interval([0.5, 0.75])).toBe('[50,0; 75,0]');
  expect(numbers.count(1679)).toBe('1.679');
  language = 'en';
  expect(numbers.interval([0.5, 0.75])).toBe('[50.0, 75.0]');
});
