import { AppError } from '../errors.ts';
import { seededRandom } from '../math/random.ts';
import { mean, percentileInterval } from '../math/statistics.ts';

export interface BootstrapOptions {
  readonly seed: number;
  /** 1,000 unless told. */
  readonly resamples?: number;
  /** 0.95 unless told. */
  readonly level?: number;
}

export type Interval = readonly [number, number];

/**
 * Percentile bootstrap intervals (Efron 1979) of the means of `columns`, which hold one value a query, queries in the
 * same order: each resample draws as many queries, with replacement, for all columns alike. Same seed, same intervals.
 */
export function bootstrapIntervals(
  columns: readonly Float64Array[],
  { seed, resamples = 1000, level = 0.95 }: BootstrapOptions,
): Interval[] {
  const n = columns[0]?.length ?? 0;
  if (columns.some((column) => column.length !== n)) {
    throw new AppError('bad-argument', 'The runs that are compared were not measured on the same queries.');
  }
  const random = seededRandom(seed);
  const means = columns.map(() => new Float64Array(resamples));
  const drawn = new Uint32Array(n);
  for (let resample = 0; resample < resamples; resample++) {
    for (let i = 0; i < n; i++) drawn[i] = random.below(n);
    columns.forEach((column, c) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += column[drawn[i] as number] as number;
      (means[c] as Float64Array)[resample] = sum / n;
    });
  }
  return means.map((values) => percentileInterval(values, level));
}

/**
 * Percentile bootstrap bounds of top-k accuracy for k = 1 … most at once, from the ranks of the first hits [queries] (1 is
 * the first neighbour; 0 where none was found): each resample counts ranks instead of averaging a column a k. Yields the
 * number of resamples done. Same seed, same bounds as bootstrapIntervals gives for each k.
 */
export function* bootstrapRanks(
  ranks: Int32Array,
  most: number,
  { seed, resamples = 1000, level = 0.95 }: BootstrapOptions,
): Generator<number, { lower: Float64Array<ArrayBuffer>; upper: Float64Array<ArrayBuffer> }> {
  const n = ranks.length;
  const lower = new Float64Array(most);
  const upper = new Float64Array(most);
  if (n === 0) return { lower, upper };
  const random = seededRandom(seed);
  const shares = Array.from({ length: most }, () => new Float64Array(resamples));
  const counts = new Uint32Array(most + 1);
  for (let resample = 0; resample < resamples; resample++) {
    counts.fill(0);
    for (let i = 0; i < n; i++) {
      const rank = ranks[random.below(n)] as number;
      if (rank > 0 && rank <= most) counts[rank] = (counts[rank] as number) + 1;
    }
    let hits = 0;
    for (let k = 1; k <= most; k++) {
      hits += counts[k] as number;
      (shares[k - 1] as Float64Array)[resample] = hits / n;
    }
    yield resample + 1;
  }
  shares.forEach((values, at) => {
    [lower[at], upper[at]] = percentileInterval(values, level);
  });
  return { lower, upper };
}

/** How much better run `a` is than run `b` (mean of a − b), and the paired bootstrap's interval of that difference. */
export function pairedDifference(
  a: Float64Array,
  b: Float64Array,
  options: BootstrapOptions,
): { difference: number; interval: Interval } {
  if (a.length !== b.length || a.length === 0) {
    throw new AppError('bad-argument', 'The runs that are compared were not measured on the same queries.');
  }
  const differences = a.map((value, i) => value - (b[i] as number));
  const [interval = [Number.NaN, Number.NaN]] = bootstrapIntervals([differences], options);
  return { difference: mean(differences), interval };
}
