interface CellShares {
  /** The nearer cell towards zero of each position; its neighbour is the next one. */
  readonly first: Int32Array;
  /** Share of each position that belongs to that neighbour, 0–1; the rest belongs to the first. */
  readonly share: Float64Array;
}

/**
 * Shares `length` positions out between `cells` cells in a row, linearly between the two nearest cell centres
 * (whole beyond the outermost centres), so that a picture moved by a pixel changes the histograms only a little.
 */
export function cellShares(length: number, cells: number): CellShares {
  const first = new Int32Array(length);
  const share = new Float64Array(length);
  for (let i = 0; i < length; i += 1) {
    const at = Math.min(Math.max(((i + 0.5) * cells) / length - 0.5, 0), cells - 1);
    const cell = Math.min(Math.floor(at), cells - 2);
    first[i] = cell;
    share[i] = at - cell;
  }
  return { first, share };
}
