/** Numbers as people read them: accuracy in per cent with one digit, sizes in MB, times with two significant digits. */
import { listSeparator, localised } from './number-language.ts';

const count = localised({ maximumFractionDigits: 0 });
const oneDigit = localised({ minimumFractionDigits: 1, maximumFractionDigits: 1 });
const upToOneDigit = localised({ maximumFractionDigits: 1 });
/** Without a minus before what rounds to nothing. */
const twoDigits = localised({ minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: 'negative' });
const threeDigits = localised({ minimumFractionDigits: 3, maximumFractionDigits: 3 });
const signed = localised({
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
  signDisplay: 'exceptZero',
});
const twoSignificant = localised({ maximumSignificantDigits: 2 });

export function formatCount(value: number): string {
  return count.format(value);
}

/** "1 image", "1,679 images"; the plural is the noun with an s unless given. */
export function formatAmount(value: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(value)} ${value === 1 ? noun : plural}`;
}

function megabytes(bytes: number): string {
  const value = bytes / 1e6;
  if (value > 0 && value < 0.1) return '< 0.1';
  return value < 9.95 ? upToOneDigit.format(value) : count.format(value);
}

export function formatBytes(bytes: number): string {
  return `${megabytes(bytes)} MB`;
}

/** "12 of 98 MB"; without a known total "12 MB". */
export function formatBytesOf(done: number, total: number | null): string {
  return total === null ? formatBytes(done) : `${megabytes(done)} of ${formatBytes(total)}`;
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

/** A share between 0 and 1 in per cent without the sign: "78.2". */
export function formatShare(share: number): string {
  return oneDigit.format(share * 100);
}

/** A loss: "0.812". */
export function formatLoss(loss: number): string {
  return threeDigits.format(loss);
}

/** "[72.0, 84.1]" */
export function formatInterval([low, high]: readonly [number, number]): string {
  return `[${formatShare(low)}${listSeparator()}${formatShare(high)}]`;
}

/** A difference of shares in points, with its sign: "+6.3", "−1.2", "0.0". */
export function formatPoints(difference: number): string {
  return signed.format(difference * 100).replace('-', '\u2212');
}

/** "[−1.2, +4.0]" */
export function formatPointsInterval([low, high]: readonly [number, number]): string {
  return `[${formatPoints(low)}${listSeparator()}${formatPoints(high)}]`;
}

/** Whole per cent that never says 100 before the end: "43 %". */
export function formatProgressShare(share: number): string {
  return `${wholePercent(share)} %`;
}

export function wholePercent(share: number): number {
  return Math.max(0, Math.min(100, Math.floor(share * 100)));
}

/** Cosine similarity with two digits: "0.87". */
export function formatSimilarity(similarity: number): string {
  return twoDigits.format(similarity).replace('-', '\u2212');
}

/** A share with three digits, as recall@10 is given: "0.998". Rounded down, so that it never says 1 by rounding. */
export function formatRecall(recall: number): string {
  return threeDigits.format(Math.floor(recall * 1000 + 1e-9) / 1000);
}

/** The file's own name: what follows the last slash. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
