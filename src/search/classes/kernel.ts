/** Gains that differ by less count as equal: their difference is rounding. */
export const TIE = 1e-9;

/** A query's class posterior and those of what may be ranked for it. */
export interface ClassPosteriors {
  /** p(c | query), [C]. */
  readonly query: Float32Array;
  /** p(c | image) of n images, [n, C], row-major. Not written to once a kernel has been handed it: it may keep a copy. */
  readonly gallery: Float32Array;
}

/** Sums over class posteriors: in plain loops, or in WASM with SIMD. What comes out of both is bit-identical. */
export interface ClassKernel {
  /** Writes Σ_c p(c|q) p(c|g) of each image, in float64, into `sums` [n]. */
  agreements(posteriors: ClassPosteriors, sums: Float64Array): void;
  /**
   * The first images of `cover`, the caller's own: the one of the greatest key, then again and again the one of the greatest gain
   * Σ_c r_c p(c|g), r_c = p(c|q) Π (1 − p(c|chosen)), ties by `keys`, then by gallery order. k of them, or fewer where nothing is
   * left to gain: all others are ties. `keys` [n] are those of `class`; an image of key −∞ has no part. `gains` [n], the
   * agreements, are overwritten.
   *
   * What is left of a class only shrinks, and so does every image's gain: an old gain bounds the new one from above (lazy
   * greedy, Minoux 1978), and less what the image loses in the class that was covered most, it bounds it closely. Only
   * gains that may still be the greatest are computed again; what is chosen is what the full computation chooses.
   */
  cover(posteriors: ClassPosteriors, keys: Float64Array, gains: Float64Array, k: number): Int32Array<ArrayBuffer>;
}
