import { mostTaps, resampleTaps } from '../math/resampling.ts';
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
  const taps = computeTaps(input, output, first, count, filter);
  const [oldest] = cache.keys();
  if (cache.size >= CACHED_TABLES && oldest !== undefined) cache.delete(oldest);
  cache.set(key, taps);
  return taps;
}

function computeTaps(input: number, output: number, first: number, count: number, filter: Interpolation): Taps {
  const stride = mostTaps(input, output, filter);
  const starts = new Int32Array(count);
  const counts = new Int32Array(count);
  const weights = new Int32Array(count * stride);
  for (let i = 0; i < count; i += 1) {
    const { start, weights: exact } = resampleTaps(input, output, first + i, filter);
    starts[i] = start;
    counts[i] = exact.length;
    exact.forEach((weight, k) => {
      // Halves away from zero, unlike Math.round.
      const scaled = weight * 2 ** PRECISION_BITS;
      weights[i * stride + k] = Math.trunc(scaled + Math.sign(scaled) * 0.5);
    });
  }
  return { starts, counts, weights, stride };
}
