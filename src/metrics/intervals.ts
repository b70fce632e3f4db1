/**
 * How sure an average over queries is: Wilson's interval for shares of queries, the bootstrap for all else. Where every query
 * has the same value, every resample has it too, and a bootstrap would claim to be certain: score intervals are used instead.
 */
import { AppError } from '../errors.ts';
import { seededRandom } from '../math/random.ts';
import { mean, median, percentileInterval } from '../math/statistics.ts';
import type { Aggregate } from './registry.ts';

export type Interval = readonly [number, number];

/** Quantile of the standard normal distribution for a two-sided level of 95 %. */
const Z = 1.959963984540054;

/**
 * 95 % score interval of a share, `hits` of `n` (Wilson 1927, "Probable inference, the law of succession, and
 * statistical inference"): unlike the textbook's ± it stays within 0 and 1 and has a width where all or none succeed,
 * as does a bootstrap, which of 52 hits of 52 would say [1, 1]. [0, 1] of nothing.
 */
export function wilsonInterval(hits: number, n: number): Interval {
  if (n === 0) return [0, 1];
  const share = hits / n;
  const scale = 1 + Z ** 2 / n;
  const centre = (share + Z ** 2 / (2 * n)) / scale;
  const reach = (Z / scale) * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2));
  // At the ends the formula is exact, its arithmetic is not.
  return [hits === 0 ? 0 : Math.max(0, centre - reach), hits === n ? 1 : Math.min(1, centre + reach)];
}

/**
 * 95 % interval of the mean of `n` values between 0 and `greatest`, whatever they are: Wilson's of a share as large, since
 * no such values vary more than hits and misses do. For values that a bootstrap says nothing of.
 */
export function boundedMeanInterval(value: number, n: number, greatest = 1): Interval {
  const [low, high] = wilsonInterval((value / greatest) * n, n);
  return [low * greatest, high * greatest];
}

/**
 * 95 % interval of the mean of `n` paired differences between −1 and 1 that are all the same. Of 0, and of ±1, it is the
 * score interval of paired shares (Tango 1998, "Equivalence test and confidence interval for the difference in proportions for
 * the paired-sample design"), which is Wilson's there: of the share of queries that differ, or of the share won.
 */
export function uniformDifferenceInterval(difference: number, n: number): Interval {
  if (difference === 0) {
    const [, most] = wilsonInterval(0, n);
    return [-most, most];
  }
  const [low, high] = boundedMeanInterval((difference + 1) / 2, n);
  return [2 * low - 1, 2 * high - 1];
}

/** Whether there is nothing to resample. */
export const isUniform = (values: Float64Array): boolean => values.every((value) => value === values[0]);

export interface BootstrapOptions {
  readonly seed: number;
  /** 1,000 unless told. */
  readonly resamples?: number;
  /** 0.95 unless told. */
  readonly level?: number;
}

/** One value a query, and how they become one number. */
export interface Column {
  readonly values: Float64Array;
  readonly aggregate: Aggregate;
}

export const aggregateOf = ({ values, aggregate }: Column): number =>
  aggregate === 'mean' ? mean(values) : median(values);

/**
 * Percentile bootstrap intervals (Efron 1979) of the aggregates of `columns`, queries in the same order: each resample
 * draws as many queries, with replacement, for all columns alike. Same seed, same intervals.
 */
export function bootstrapIntervals(columns: readonly Column[], options: BootstrapOptions): Interval[] {
  const { level = 0.95 } = options;
  return resampled(columns, options).map((values) => percentileInterval(values, level));
}

/** How much more a run has than another, and the paired bootstrap's interval of that. `difference` is first − second. */
export interface Difference {
  readonly difference: number;
  readonly interval: Interval;
}

/**
 * For means (of values between 0 and 1), the mean of the differences; for medians, the difference of the medians. Throws
 * AppError 'bad-argument' for columns of different lengths, or of none.
 */
export function pairedDifference(
  first: Float64Array,
  second: Float64Array,
  aggregate: Aggregate,
  options: BootstrapOptions,
): Difference {
  if (first.length !== second.length || first.length === 0) throw differentQueries();
  const { level = 0.95 } = options;
  if (aggregate === 'mean') {
    const values = first.map((value, i) => value - (second[i] as number));
    const [same = 0] = values;
    if (isUniform(values)) return { difference: same, interval: uniformDifferenceInterval(same, values.length) };
    const [interval = [Number.NaN, Number.NaN]] = bootstrapIntervals([{ values, aggregate }], options);
    return { difference: mean(values), interval };
  }
  const columns = [first, second].map((values): Column => ({ values, aggregate }));
  const [ofFirst = [], ofSecond = []] = resampled(columns, options);
  const differences = Float64Array.from(ofFirst, (value, i) => distance(value, ofSecond[i] ?? Number.NaN));
  return {
    difference: distance(median(first), median(second)),
    interval: percentileInterval(differences, level),
  };
}

/** Two ranks beyond what was ranked are equal. */
const distance = (a: number, b: number): number => (a === b ? 0 : a - b);

export type Verdict = 'better' | 'worse' | 'not separable';

/** What the interval of a difference (first − second) says of the first; nothing where it holds 0, its ends included. */
export function verdictOf([low, high]: Interval, higherIsBetter: boolean): Verdict {
  if (low > 0) return higherIsBetter ? 'better' : 'worse';
  if (high < 0) return higherIsBetter ? 'worse' : 'better';
  return 'not separable';
}

/** The columns' aggregates in every resample. */
function resampled(
  columns: readonly Column[],
  { seed, resamples = 1000 }: BootstrapOptions,
): Float64Array<ArrayBuffer>[] {
  const n = columns[0]?.values.length ?? 0;
  if (columns.some(({ values }) => values.length !== n)) throw differentQueries();
  const random = seededRandom(seed);
  const found = columns.map(() => new Float64Array(resamples));
  const aggregates = columns.map(aggregator);
  const drawn = new Uint32Array(n);
  for (let resample = 0; resample < resamples; resample++) {
    for (let i = 0; i < n; i++) drawn[i] = random.below(n);
    aggregates.forEach((aggregate, c) => {
      (found[c] as Float64Array)[resample] = aggregate(drawn);
    });
  }
  return found;
}

/** Aggregates the values of the drawn queries. A median counts how often each was drawn: sorting every time takes longer. */
function aggregator({ values, aggregate }: Column): (drawn: Uint32Array) => number {
  const n = values.length;
  if (aggregate === 'mean') {
    return (drawn) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += values[drawn[i] as number] as number;
      return sum / n;
    };
  }
  const ascending = Uint32Array.from(values.keys()).sort((a, b) => {
    const [x, y] = [values[a] as number, values[b] as number];
    return x < y ? -1 : Number(x > y);
  });
  const times = new Uint32Array(n);
  return (drawn) => {
    times.fill(0);
    for (let i = 0; i < n; i++) times[drawn[i] as number] = (times[drawn[i] as number] as number) + 1;
    const lower = valueAt(Math.floor((n - 1) / 2));
    const upper = valueAt(Math.ceil((n - 1) / 2));
    return lower === upper ? lower : (lower + upper) / 2;
  };

  function valueAt(position: number): number {
    let before = 0;
    for (const query of ascending) {
      before += times[query] as number;
      if (before > position) return values[query] as number;
    }
    return Number.NaN;
  }
}

function differentQueries(): AppError {
  return new AppError('bad-argument', 'The runs that are compared were not scored on the same queries.');
}
