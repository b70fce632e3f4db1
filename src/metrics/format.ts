/**
 * How numbers are written for people, in one place: in the language of the settings on screens, in English in reports,
 * tables and on the command line.
 */
import type { Metric } from './registry.ts';

type Ends = readonly [number, number];

export interface Numbers {
  /** "1,679" */
  readonly count: (value: number) => string;
  /** "1 image", "1,679 images"; the plural is the noun with an s unless given. */
  readonly amount: (value: number, noun: string, plural?: string) => string;
  /** A share between 0 and 1 in per cent without the sign: "78.2". */
  readonly share: (share: number) => string;
  /** "[72.0, 84.1]" */
  readonly interval: (ends: Ends) => string;
  /** A difference of shares in percentage points, with its sign: "+6.3", "−1.2", "0.0". */
  readonly points: (difference: number) => string;
  /** "[−1.2, +4.0]" */
  readonly pointsInterval: (ends: Ends) => string;
  /** A metric's value: a share in per cent, or a rank with at most one digit. */
  readonly value: (value: number, format: Metric['format']) => string;
  readonly valueInterval: (ends: Ends, format: Metric['format']) => string;
  /** A difference of a metric's values, with its sign. */
  readonly difference: (difference: number, format: Metric['format']) => string;
  readonly differenceInterval: (ends: Ends, format: Metric['format']) => string;
  /** Cosine similarity: "0.87". */
  readonly similarity: (similarity: number) => string;
  /** A loss: "0.812". */
  readonly loss: (loss: number) => string;
  /** A number on an axis, with the digits that it has, at most four. */
  readonly tick: (value: number) => string;
  /** A size: "4.2 MB". */
  readonly bytes: (bytes: number) => string;
  /** "12 of 98 MB"; without a known total "12 MB". */
  readonly bytesOf: (done: number, total: number | null) => string;
  /** "0.4 ms", "38 ms", "1.2 s", "4.5 min", "2.1 h". */
  readonly duration: (milliseconds: number) => string;
  /** "1.6 min left" */
  readonly timeLeft: (seconds: number) => string;
  /** "23 images/s", "4.2 MB/s"; bytes are given in bytes. */
  readonly rate: (perSecond: number, unit: string) => string;
}

/** A format that follows `locale`: made once a language, since making one takes longer than using it. */
export function localised(locale: () => string, options: Intl.NumberFormatOptions): (value: number) => string {
  const made = new Map<string, Intl.NumberFormat>();
  return (value) => {
    const wanted = locale();
    const format = made.get(wanted) ?? new Intl.NumberFormat(wanted, options);
    made.set(wanted, format);
    return format.format(value).replace('-', '\u2212');
  };
}

/** Numbers in the language that `locale` names whenever one is written. */
export function numbersIn(locale: () => string): Numbers {
  const digits = (from: number, to = from): Intl.NumberFormatOptions => ({
    minimumFractionDigits: from,
    maximumFractionDigits: to,
  });
  const count = localised(locale, digits(0));
  const oneDigit = localised(locale, digits(1));
  const upToOne = localised(locale, digits(0, 1));
  const signed = localised(locale, { ...digits(1), signDisplay: 'exceptZero' });
  // Without a minus before what rounds to nothing.
  const twoDigits = localised(locale, { ...digits(2), signDisplay: 'negative' });
  const threeDigits = localised(locale, digits(3));
  const upToFour = localised(locale, digits(0, 4));
  const twoSignificant = localised(locale, { maximumSignificantDigits: 2 });
  /** Numbers that have commas themselves are separated by semicolons. */
  const ends = ([low, high]: Ends, write: (value: number) => string) =>
    `[${write(low)}${oneDigit(0.5).includes(',') ? '; ' : ', '}${write(high)}]`;

  // A mean of sums is a rounding error off: 18.75 must not be written 18.7 in one column and 18.8 in the next.
  const percent = (value: number) => Number((value * 100).toPrecision(12));
  const share = (value: number) => oneDigit(percent(value));
  const points = (difference: number) => signed(percent(difference));
  const value = (one: number, format: Metric['format']) => (format === 'share' ? share(one) : upToOne(one));
  const difference = (one: number, format: Metric['format']) => (format === 'share' ? points(one) : signed(one));
  const megabytes = (bytes: number): string => {
    const size = bytes / 1e6;
    if (size > 0 && size < 0.1) return `< ${upToOne(0.1)}`;
    return size < 9.95 ? upToOne(size) : count(size);
  };
  const bytes = (size: number) => `${megabytes(size)} MB`;
  const duration = (milliseconds: number): string => {
    // Rounded before the unit is chosen: 999.6 ms is "1 s", not "1,000 ms".
    const rounded = roundSignificant(milliseconds);
    if (rounded < 1000) return `${twoSignificant(rounded)} ms`;
    const seconds = roundSignificant(milliseconds / 1000);
    if (seconds < 60) return `${twoSignificant(seconds)} s`;
    // What is rounded up to a unit is one of the next: 59.6 s is "1 min", not "0.99 min".
    const minutes = Math.max(1, roundSignificant(milliseconds / 60_000));
    if (minutes < 60) return `${twoSignificant(minutes)} min`;
    return `${twoSignificant(Math.max(1, milliseconds / 3_600_000))} h`;
  };
  return {
    count,
    amount: (number, noun, plural = `${noun}s`) => `${count(number)} ${number === 1 ? noun : plural}`,
    share,
    interval: (both) => ends(both, share),
    points,
    pointsInterval: (both) => ends(both, points),
    value,
    valueInterval: (both, format) => ends(both, (one) => value(one, format)),
    difference,
    differenceInterval: (both, format) => ends(both, (one) => difference(one, format)),
    similarity: twoDigits,
    loss: threeDigits,
    tick: upToFour,
    bytes,
    bytesOf: (done, total) => (total === null ? bytes(done) : `${megabytes(done)} of ${bytes(total)}`),
    duration,
    timeLeft: (seconds) => (seconds < 1 ? 'less than 1 s left' : `${duration(seconds * 1000)} left`),
    rate: (perSecond, unit) =>
      unit === 'bytes' ? `${twoSignificant(perSecond / 1e6)} MB/s` : `${twoSignificant(perSecond)} ${unit}/s`,
  };
}

const roundSignificant = (value: number): number => (value === 0 ? 0 : Number(value.toPrecision(2)));

/** For files, reports and the command line. */
export const english: Numbers = numbersIn(() => 'en');
