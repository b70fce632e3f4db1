/** Numbers as people read them, in the language of the settings. */
import { chosenNumbers, numberLocale } from '../app/settings/number-language.ts';
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
  bytes: formatBytes,
  bytesOf: formatBytesOf,
  duration: formatDuration,
  timeLeft: formatTimeLeft,
  rate: formatRate,
} = chosenNumbers;

/** "All 12 images are"; of one alone: "The one image is". */
export const formatAll = (count: number, one: string, many: string): string =>
  count === 1 ? `The one ${one}` : count === 2 ? `Both ${many}` : `All ${formatAmount(count, one, many)}`;

/** "3.2 min left", or "at most 3.2 min left" of what may end before. */
export function timeLeftIn(seconds: number, { atMost }: { readonly atMost?: true | undefined }): string {
  return atMost && seconds >= 1 ? `at most ${formatTimeLeft(seconds)}` : formatTimeLeft(seconds);
}

const asSet = localised({ maximumFractionDigits: 8 });

/** A number that a user or a file has set, with all its digits: "0.0001". */
export const formatNumber = (value: number): string => asSet.format(value);

const entered = localised({ maximumFractionDigits: 8, useGrouping: false, numberingSystem: 'latn' });

/** The same in a field, where it may be changed: without marks of thousands, which read again would be a point. */
export const formatEntry = (value: number): string => entered.format(value).replace('\u2212', '-');

const upToOneDigit = localised({ maximumFractionDigits: 1 });
const threeDigits = localised({ minimumFractionDigits: 3, maximumFractionDigits: 3 });

/** "23.6 million" */
export function formatMillions(value: number): string {
  return `${upToOneDigit.format(value / 1e6)} million`;
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

/** "28 Nov 2026, 16:02" of milliseconds since 1970, here and in the language of the settings. */
export const formatMoment = (milliseconds: number): string =>
  new Intl.DateTimeFormat(numberLocale(), { dateStyle: 'medium', timeStyle: 'short' }).format(milliseconds);
