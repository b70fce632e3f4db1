import type { Standardisation } from './standardise.ts';

/**
 * Copies `rows` of `features` [·, D] standardised into the beginning of `into`, or a fresh array; D is the
 * standardisation's length. Returns them, [rows.length, D].
 */
export function gatherBatch(
  features: Float32Array,
  rows: Int32Array,
  { mean, std }: Standardisation,
  into?: Float32Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> {
  const dimensions = mean.length;
  const length = rows.length * dimensions;
  const batch = into ? into.subarray(0, length) : new Float32Array(length);
  const scale = std.map((value) => 1 / value);
  for (let i = 0; i < rows.length; i++) {
    const from = (rows[i] as number) * dimensions;
    const to = i * dimensions;
    for (let d = 0; d < dimensions; d++) {
      batch[to + d] = ((features[from + d] as number) - (mean[d] as number)) * (scale[d] as number);
    }
  }
  return batch;
}

/** Labels of `rows`. */
export function gatherLabels(labels: Int32Array, rows: Int32Array): Int32Array<ArrayBuffer> {
  return Int32Array.from(rows, (row) => labels[row] as number);
}
