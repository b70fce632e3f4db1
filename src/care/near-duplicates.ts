import type { Rankings } from '../math/topk.ts';

/** Two images that are near each other, by their rows; the first is the lower. */
export interface NearPair {
  readonly a: number;
  readonly b: number;
  /** Cosine. */
  readonly similarity: number;
}

/**
 * Pairs of images of at least the similarity `threshold`, the most similar first. `neighbours` [n, k] are each row's most
 * similar others: of more than k copies of one image not every pair is named, but each copy is in one.
 */
export function nearPairs({ rows, similarities, k }: Rankings, threshold: number): NearPair[] {
  const pairs = new Map<number, NearPair>();
  const n = rows.length / k;
  rows.forEach((other, at) => {
    const similarity = similarities[at] as number;
    if (other < 0 || similarity < threshold) return;
    const row = Math.floor(at / k);
    const [a, b] = [Math.min(row, other), Math.max(row, other)];
    const key = a * n + b;
    if (!pairs.has(key)) pairs.set(key, { a, b, similarity });
  });
  return [...pairs.values()].sort(
    (one, other) => other.similarity - one.similarity || one.a - other.a || one.b - other.b,
  );
}
