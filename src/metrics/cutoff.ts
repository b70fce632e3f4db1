import type { JudgedSimilarities } from './similarities.ts';

/** Shares of right neighbours that can be asked for. */
export const PRECISIONS = [0.5, 0.75, 0.9, 0.95] as const;

/** What is kept above each similarity that occurs, from the highest down; entries of all lists go together. */
export interface PrecisionCurve {
  readonly similarities: Float32Array<ArrayBuffer>;
  /** Neighbours at least as similar. */
  readonly kept: Int32Array<ArrayBuffer>;
  /** Those of them that are right. */
  readonly right: Int32Array<ArrayBuffer>;
}

/** A similarity above which neighbours are right often enough. */
export interface Cutoff {
  readonly similarity: number;
  /** Neighbours at least as similar, among those that it was found with. */
  readonly kept: number;
  /** Share of them that is right. */
  readonly precision: number;
}

/** Precision at every cut-off: equal similarities are kept or hidden together, so they make one entry. */
export function precisionCurve({ similarities, right }: JudgedSimilarities): PrecisionCurve {
  const last: number[] = [];
  similarities.forEach((similarity, at) => {
    if (similarity !== similarities[at + 1]) last.push(at);
  });
  let hits = 0;
  const hitsUpTo = Int32Array.from(right, (flag) => {
    hits += flag;
    return hits;
  });
  return {
    similarities: Float32Array.from(last, (at) => similarities[at] as number),
    kept: Int32Array.from(last, (at) => at + 1),
    right: Int32Array.from(last, (at) => hitsUpTo[at] as number),
  };
}

/**
 * The lowest similarity at which all neighbours at least as similar are right in a share of at least `precision` (between 0
 * and 1); null where none is. Precision goes up and down along the ranking: the lowest such similarity hides least.
 */
export function cutoffFor({ similarities, kept, right }: PrecisionCurve, precision: number): Cutoff | null {
  for (let at = similarities.length - 1; at >= 0; at--) {
    const share = (right[at] as number) / (kept[at] as number);
    // 0.95 · 20 is a rounding error above 19.
    if (share >= precision - 1e-9) {
      return { similarity: similarities[at] as number, kept: kept[at] as number, precision: share };
    }
  }
  return null;
}
