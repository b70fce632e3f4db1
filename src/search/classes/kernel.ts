/** Gains that differ by less count as equal: their difference is rounding. */
export const TIE = 1e-9;

/** One query and what may be ranked for it, in gallery order: the whole gallery, or the part of it that a search found. */
export interface Candidates {
  /** Cosines with the query, [n]. What has −∞ comes last whatever its key, and must have no part in the others' order. */
  readonly similarities: Float32Array;
  /** p(c | query), [C]. */
  readonly query: Float32Array;
  /** p(c | image) of the n images, [n, C], row-major. Not written to once a kernel has been handed it: it may keep a copy. */
  readonly gallery: Float32Array;
}

/** Sums over class posteriors: in plain loops, or in WASM with SIMD. What comes out of both is bit-identical. */
export interface ClassKernel {
  /** Writes cos(q, g) + weight · Σ_c p(c|q) p(c|g) of each image, in float64, into `keys` [n]. */
  weigh(candidates: Candidates, weight: number, keys: Float64Array): void;
  /**
   * The same, and the first images of `cover`, the caller's own: the one of the greatest key, then again and again the one of the
   * greatest gain Σ_c r_c p(c|g), r_c = p(c|q) Π (1 − p(c|chosen)), ties by `keys`, then by gallery order. k of them, or fewer
   * where nothing is left to gain: all others are ties. An image of key −∞ has no part.
   *
   * What is left of a class only shrinks, and so does every image's gain: an old gain bounds the new one from above (lazy
   * greedy, Minoux 1978), and less what the image loses in the class that was covered most, it bounds it closely. Only
   * gains that may still be the greatest are computed again; what is chosen is what the full computation chooses. Bounds are
   * rounded, by far less than a tie: what they put a tie too low is computed too.
   */
  cover(candidates: Candidates, weight: number, keys: Float64Array, k: number): Int32Array<ArrayBuffer>;
}
