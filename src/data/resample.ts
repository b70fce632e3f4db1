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

const HALF = 1 << (PRECISION_BITS - 1);

/**
 * Horizontal pass: `rows` rows of RGBA (`rowLength` bytes each; alpha is not read) → RGB rows of as many pixels as `taps`
 * has outputs, written to `out` from `outAt` on. `originX` is the input column that a row begins with. Rounded and clamped to 8 bits, as Pillow
 * does between its two passes.
 */
export function resampleRows(
  rgba: Uint8ClampedArray,
  rowLength: number,
  rows: number,
  originX: number,
  taps: Taps,
  out: Uint8ClampedArray,
  outAt: number,
): void {
  const { starts, counts, weights, stride } = taps;
  let at = outAt;
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < starts.length; x += 1) {
      let from = y * rowLength + ((starts[x] ?? 0) - originX) * 4;
      let r = HALF;
      let g = HALF;
      let b = HALF;
      const end = x * stride + (counts[x] ?? 0);
      for (let k = x * stride; k < end; k += 1, from += 4) {
        const weight = weights[k] ?? 0;
        r = (r + Math.imul(rgba[from] ?? 0, weight)) | 0;
        g = (g + Math.imul(rgba[from + 1] ?? 0, weight)) | 0;
        b = (b + Math.imul(rgba[from + 2] ?? 0, weight)) | 0;
      }
      out[at] = r >> PRECISION_BITS;
      out[at + 1] = g >> PRECISION_BITS;
      out[at + 2] = b >> PRECISION_BITS;
      at += 3;
    }
  }
}

/**
 * Vertical pass: rows of `rowLength` samples, the first of which is input row `originY` → one row an output of `taps`,
 * written to `out` one every `outStride` samples from `outAt` on. Rounded and clamped to 8 bits.
 */
export function resampleColumns(
  samples: Uint8ClampedArray,
  rowLength: number,
  originY: number,
  taps: Taps,
  out: Uint8ClampedArray,
  outAt: number,
  outStride: number,
): void {
  const { starts, counts, weights, stride } = taps;
  const sums = new Int32Array(rowLength);
  for (let y = 0; y < starts.length; y += 1) {
    sums.fill(HALF);
    const count = counts[y] ?? 0;
    for (let k = 0; k < count; k += 1) {
      const weight = weights[y * stride + k] ?? 0;
      const from = ((starts[y] ?? 0) + k - originY) * rowLength;
      for (let i = 0; i < rowLength; i += 1) {
        sums[i] = ((sums[i] ?? 0) + Math.imul(samples[from + i] ?? 0, weight)) | 0;
      }
    }
    const to = outAt + y * outStride;
    for (let i = 0; i < rowLength; i += 1) out[to + i] = (sums[i] ?? 0) >> PRECISION_BITS;
  }
}

/** What of one axis is wanted: the outputs' taps, and the input positions they read, from `start` up to, not including, `end`. */
export interface AxisTaps {
  readonly taps: Taps;
  readonly start: number;
  readonly end: number;
}

/** Some rows of the wanted columns, RGBA. */
export interface Strip {
  readonly pixels: Uint8ClampedArray;
  readonly rows: number;
}

/**
 * Both passes: `strips` hold all wanted rows from the top, each used before the next is asked for. Writes RGB rows of the
 * outputs of `across`, one an output of `down`, to `out`, one every `outStride` bytes from `outAt` on.
 */
export type Resample = (
  strips: Iterable<Strip>,
  across: AxisTaps,
  down: AxisTaps,
  out: Uint8ClampedArray,
  outAt: number,
  outStride: number,
) => void;

/** In plain arrays. */
export const plainResample: Resample = (strips, across, down, out, outAt, outStride) => {
  const rowLength = across.taps.starts.length * 3;
  const samples = new Uint8ClampedArray((down.end - down.start) * rowLength);
  let at = 0;
  for (const { pixels, rows } of strips) {
    resampleRows(pixels, (across.end - across.start) * 4, rows, across.start, across.taps, samples, at);
    at += rows * rowLength;
  }
  resampleColumns(samples, rowLength, down.start, down.taps, out, outAt, outStride);
};
