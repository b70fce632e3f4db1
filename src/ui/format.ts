/** Numbers as people read them: accuracy in per cent with one digit, sizes in MB, times with two significant digits. */
import { chosenNumbers } from '../app/settings/number-language.ts';
import { withNumerals } from '../numerals.ts';
import { localised } from './number-language.ts';

/** What screens, reports and tables write alike; here in the language of the settings. */
export const {
  count: formatCount,
  amount: formatAmount,
  share: formatShare,
  interval: formatInterval,
  points: formatPoints,
  value: formatMetric,
  valueInterval: formatMetricInterval,
  difference: formatDifference,
  differenceInterval: formatDifferenceInterval,
  similarity: formatSimilarity,
  loss: formatLoss,
} = chosenNumbers;

const asSet = localised({ maximumFractionDigits: 8 });

/** A number that a user or a file has set, with all its digits: "0.0001". */
export const formatNumber = (value: number): string => asSet.format(value);

const entered = localised({ maximumFractionDigits: 8, useGrouping: false, numberingSystem: 'latn' });

/** The same in a field, where it may be changed: without marks of thousands, which read again would be a point. */
export const formatEntry = (value: number): string => entered.format(value).replace('\u2212', '-');

const upToOneDigit = localised({ maximumFractionDigits: 1 });
const threeDigits = localised({ minimumFractionDigits: 3, maximumFractionDigits: 3 });
const twoSignificant = localised({ maximumSignificantDigits: 2 });

function megabytes(bytes: number): string {
  const value = bytes / 1e6;
  if (value > 0 && value < 0.1) return '< 0.1';
  return value < 9.95 ? upToOneDigit.format(value) : formatCount(value);
}

export function formatBytes(bytes: number): string {
  return `${megabytes(bytes)} MB`;
}

/** "12 of 98 MB"; without a known total "12 MB". */
export function formatBytesOf(done: number, total: number | null): string {
  return total === null ? formatBytes(done) : `${megabytes(done)} of ${formatBytes(total)}`;
}

/** "23.6 million" */
export function formatMillions(value: number): string {
  return `${upToOneDigit.format(value / 1e6)} million`;
}

/** "0.4 ms", "38 ms", "1.2 s", "4.5 min", "2.1 h". */
export function formatDuration(milliseconds: number): string {
  // Rounded before the unit is chosen: 999.6 ms is "1 s", not "1,000 ms".
  const rounded = roundSignificant(milliseconds);
  if (rounded < 1000) return `${twoSignificant.format(rounded)} ms`;
  const seconds = roundSignificant(milliseconds / 1000);
  if (seconds < 60) return `${twoSignificant.format(seconds)} s`;
  const minutes = roundSignificant(milliseconds / 60_000);
  if (minutes < 60) return `${twoSignificant.format(minutes)} min`;
  return `${twoSignificant.format(milliseconds / 3_600_000)} h`;
}

function roundSignificant(value: number): number {
  return value === 0 ? 0 : Number(value.toPrecision(2));
}

export function formatTimeLeft(seconds: number): string {
  return seconds < 1 ? 'less than 1 s left' : `${formatDuration(seconds * 1000)} left`;
}

/** "23 images/s", "4.2 MB/s"; bytes are given in bytes. */
export function formatRate(perSecond: number, unit: string): string {
  return unit === 'bytes'
    ? `${twoSignificant.format(perSecond / 1e6)} MB/s`
    : `${twoSignificant.format(perSecond)} ${unit}/s`;
}

/** Whole per cent that never says 100 before the end: "43 %". */
export function formatProgressShare(share: number): string {
  return `${wholePercent(share)} %`;
}

export function wholePercent(share: number): number {
  return Math.max(0, Math.min(100, Math.floor(share * 100)));
}

/** A share with three digits, as recall@10 is given: "0.998". Rounded down, so that it never says 1 by rounding. */
export function formatRecall(recall: number): string {
  return threeDigits.format(Math.floor(recall * 1000 + 1e-9) / 1000);
}

/** A sentence of the domain's or an error's, its numbers in the language of the settings. */
export function formatSentence(sentence: string): string {
  return withNumerals(sentence, (value) => upToOneDigit.format(value));
}

/** The file's own name: what follows the last slash. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
