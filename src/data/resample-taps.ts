import type { Interpolation } from '../types.ts';

/** Fraction bits of the weights: 32 less 8 for the samples, less 2 for weights beyond ±1 and their sums. */
export const PRECISION_BITS = 32 - 8 - 2;

/** For a run of output positions: which input positions each is the weighted sum of. */
export interface Taps {
  /** First input position of each output position. */
  readonly starts: Int32Array;
  /** Number of input positions of each output position. */
  readonly counts: Int32Array;
  /** `stride` weights an output position, in units of 2^-PRECISION_BITS; past its count they are zero. */
  readonly weights: Int32Array;
  readonly stride: number;
}

interface Filter {
  /** Half the filter's width, in output pixels when shrinking, in input pixels when enlarging. */
  readonly support: number;
  weigh(x: number): number;
}

/** Keys 1981 with a = −0.5, the value that reproduces quadratics. */
const A = -0.5;

const FILTERS: Readonly<Record<Interpolation, Filter>> = {
  bilinear: { support: 1, weigh: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: {
    support: 2,
    weigh(signed) {
      const x = Math.abs(signed);
      if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1;
      if (x < 2) return (((x - 5) * x + 8) * x - 4) * A;
      return 0;
    },
  },
};

/** Photos of one camera share their two tables; a mixed folder has a few dozen sizes. */
const CACHED_TABLES = 64;
const cache = new Map<string, Taps>();

/**
 * Fixed-point taps for output positions `first` … `first + count − 1` of a resize of `input` to `output` samples, with
 * the filter stretched by the shrink factor, as Pillow computes them (src/libImaging/Resample.c). Cached: read only.
 */
export function tapsFor(input: number, output: number, first: number, count: number, filter: Interpolation): Taps {
  const key = `${input} ${output} ${first} ${count} ${filter}`;
  const known = cache.get(key);
  if (known) return known;
  const taps = computeTaps(input, output, first, count, FILTERS[filter]);
  const [oldest] = cache.keys();
  if (cache.size >= CACHED_TABLES && oldest !== undefined) cache.delete(oldest);
  cache.set(key, taps);
  return taps;
}

function computeTaps(input: number, output: number, first: number, count: number, filter: Filter): Taps {
  const scale = input / output;
  const stretch = Math.max(1, scale);
  const shrink = 1 / stretch;
  const support = filter.support * stretch;
  const stride = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(count);
  const counts = new Int32Array(count);
  const weights = new Int32Array(count * stride);
  for (let i = 0; i < count; i += 1) {
    const centre = (first + i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(input, Math.trunc(centre + support + 0.5));
    const exact = Array.from({ length: end - start }, (_, k) => filter.weigh((start + k - centre + 0.5) * shrink));
    const sum = exact.reduce((total, weight) => total + weight, 0);
    starts[i] = start;
    counts[i] = end - start;
    exact.forEach((weight, k) => {
      // Halves away from zero, unlike Math.round.
      const scaled = (weight / sum) * 2 ** PRECISION_BITS;
      weights[i * stride + k] = Math.trunc(scaled + Math.sign(scaled) * 0.5);
    });
  }
  return { starts, counts, weights, stride };
}
