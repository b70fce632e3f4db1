import type { Standardisation } from './standardise.ts';

/** What one member sees of a batch of n images, standardised, in both orders, so that no product needs a transposed one. */
export interface Batch {
  /** [n, D]. */
  readonly rows: Float32Array;
  /** [D, n]. */
  readonly columns: Float32Array;
}

/** Copies `rows` of `features` [·, D] into a standardised batch; D is the standardisation's length. */
export function gatherBatch(features: Float32Array, rows: Int32Array, { mean, std }: Standardisation): Batch {
  const dimensions = mean.length;
  const n = rows.length;
  const batch = { rows: new Float32Array(n * dimensions), columns: new Float32Array(n * dimensions) };
  for (let i = 0; i < n; i++) {
    const start = (rows[i] as number) * dimensions;
    for (let d = 0; d < dimensions; d++) {
      const value = ((features[start + d] as number) - (mean[d] as number)) / (std[d] as number);
      batch.rows[i * dimensions + d] = value;
      batch.columns[d * n + i] = value;
    }
  }
  return batch;
}

/** Labels of `rows`. */
export function gatherLabels(labels: Int32Array, rows: Int32Array): Int32Array<ArrayBuffer> {
  return Int32Array.from(rows, (row) => labels[row] as number);
}
