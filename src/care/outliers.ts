import type { Rankings } from '../math/topk.ts';

/** An image that lies apart. */
export interface Outlier {
  readonly row: number;
  /** Mean cosine to its nearest others: the lower, the farther apart. */
  readonly similarity: number;
}

/**
 * All images by how far they lie from their nearest others, the farthest first: by the mean similarity to `k` of them
 * (Ramaswamy, Rastogi & Shim 2000 take the k-th; the mean depends less on a single one). `neighbours` hold at least k.
 */
export function outliers({ rows, similarities, k: held }: Rankings, k: number): Outlier[] {
  const n = rows.length / held;
  const found = Array.from({ length: n }, (_, row): Outlier => {
    let sum = 0;
    let count = 0;
    for (let at = row * held; at < row * held + Math.min(k, held); at++) {
      if ((rows[at] as number) < 0) continue;
      sum += similarities[at] as number;
      count++;
    }
    return { row, similarity: count === 0 ? 0 : sum / count };
  });
  return found.sort((one, other) => one.similarity - other.similarity || one.row - other.row);
}
