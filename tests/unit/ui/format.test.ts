import { afterEach, describe, expect, test } from 'vitest';
import { settingsStore } from '../../../src/app/settings/settings.ts';
import {
  fileName,
  formatAmount,
  formatBytes,
  formatBytesOf,
  formatCount,
  formatDifferenceInterval,
  formatDuration,
  formatInterval,
  formatPoints,
  formatProgressShare,
  formatRate,
  formatRecall,
  formatShare,
  formatSimilarity,
  formatTimeLeft,
} from '../../../src/ui/format.ts';
import { languageChoices } from '../../../src/ui/number-language.ts';

describe('numbers as people read them', () => {
  test.each([
    [0, '0 ms'],
    [0.4, '0.4 ms'],
    [2.14, '2.1 ms'],
    [38.4, '38 ms'],
    [130.2, '130 ms'],
    [999.6, '1 s'],
    [1240, '1.2 s'],
    [59_900, '1 min'],
    [95_000, '1.6 min'],
    [3_590_000, '1 h'],
    [7_600_000, '2.1 h'],
  ])('%d ms is %s', (milliseconds, text) => expect(formatDuration(milliseconds)).toBe(text));

  test.each([
    [0, '0 MB'],
    [12_000, '< 0.1 MB'],
    [430_000, '0.4 MB'],
    [9_940_000, '9.9 MB'],
    [9_960_000, '10 MB'],
    [97_800_000, '98 MB'],
    [1_240_000_000, '1,240 MB'],
  ])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  test('an unfinished download says how much of what', () => {
    expect(formatBytesOf(12_000_000, 98_000_000)).toBe('12 of 98 MB');
    expect(formatBytesOf(12_000_000, null)).toBe('12 MB');
  });

  test('accuracy has one digit, and its interval too', () => {
    expect(formatShare(0.7816)).toBe('78.2');
    expect(formatShare(1)).toBe('100.0');
    expect(formatInterval([0.72, 0.8412])).toBe('[72.0, 84.1]');
  });

  test('differences have their sign, and none where they round to nothing', () => {
    expect(formatPoints(0.0626)).toBe('+6.3');
    expect(formatPoints(-0.0124)).toBe('\u22121.2');
    expect(formatPoints(0)).toBe('0.0');
    expect(formatPoints(-0.0004)).toBe('0.0');
    expect(formatDifferenceInterval([-0.012, 0.04], 'share')).toBe('[\u22121.2, +4.0]');
  });

  test('similarity has two digits and no negative zero', () => {
    expect(formatSimilarity(0.8741)).toBe('0.87');
    expect(formatSimilarity(-0.001)).toBe('0.00');
    expect(formatSimilarity(-0.126)).toBe('−0.13');
  });

  test('progress and recall do not say that all is done before it is', () => {
    expect(formatProgressShare(0.999)).toBe('99 %');
    expect(formatProgressShare(1)).toBe('100 %');
    expect(formatRecall(0.9996)).toBe('0.999');
    expect(formatRecall(0.998)).toBe('0.998');
    expect(formatRecall(1)).toBe('1.000');
  });

  test('rates carry their unit and bytes become megabytes', () => {
    expect(formatRate(23.4, 'images')).toBe('23 images/s');
    expect(formatRate(4_234_000, 'bytes')).toBe('4.2 MB/s');
  });

  test('time left', () => {
    expect(formatTimeLeft(0.3)).toBe('less than 1 s left');
    expect(formatTimeLeft(95)).toBe('1.6 min left');
  });

  test('amounts agree with their noun', () => {
    expect(formatAmount(1, 'image')).toBe('1 image');
    expect(formatAmount(1679, 'image')).toBe('1,679 images');
    expect(formatAmount(2, 'class', 'classes')).toBe('2 classes');
  });

  test('a file name is what follows the last slash', () => {
    expect(fileName('training/apple/a.jpg')).toBe('a.jpg');
    expect(fileName('a.jpg')).toBe('a.jpg');
  });
});

describe('numbers in another language', () => {
  afterEach(() => settingsStore.setState(settingsStore.getInitialState(), true));

  test('all of them follow the choice at once, and lists stay readable where numbers have commas', () => {
    settingsStore.setState({ numbers: 'de' });
    expect(formatCount(12_400)).toBe('12.400');
    expect(formatDuration(1240)).toBe('1,2 s');
    expect(formatInterval([0.72, 0.8412])).toBe('[72,0; 84,1]');
    expect(formatDifferenceInterval([-0.012, 0.04], 'share')).toBe('[\u22121,2; +4,0]');
    expect(formatSimilarity(-0.001)).toBe('0,00');
    expect(formatRecall(0.9999)).toBe('0,999');
    settingsStore.setState({ numbers: 'en-IN' });
    expect(formatCount(1_234_567)).toBe('12,34,567');
    expect(formatInterval([0.72, 0.8412])).toBe('[72.0, 84.1]');
    settingsStore.setState({ numbers: 'en' });
    expect(formatBytesOf(1_240_000_000, null)).toBe('1,240 MB');
  });

  test('each choice shows a number as it then looks', () => {
    const labels = languageChoices().map(({ label }) => label);
    expect(labels).toContain('German (1.234.567,8)');
    expect(labels).toContain('Indian (12,34,567.8)');
    expect(labels[0]).toMatch(/^As the browser \(/);
  });
});
