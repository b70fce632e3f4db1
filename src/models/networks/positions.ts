import { resampleTaps } from '../../math/resampling.ts';

/**
 * Position embeddings [from · from, width] of a grid of patches for another grid, [to · to, width]: bicubic, with
 * antialiasing, as timm's `resample_abs_pos_embed` does. The same array where nothing changes.
 */
export function resamplePositions(positions: Float32Array, from: number, to: number, width: number): Float32Array {
  if (from === to) return positions;
  const taps = Array.from({ length: to }, (_, index) => resampleTaps(from, to, index, 'bicubic'));
  const across = new Float64Array(from * to * width);
  for (let row = 0; row < from; row++) {
    for (const [column, { start, weights }] of taps.entries()) {
      for (const [k, weight] of weights.entries()) {
        add(across, (row * to + column) * width, positions, (row * from + start + k) * width, width, weight);
      }
    }
  }
  const down = new Float64Array(to * to * width);
  for (const [row, { start, weights }] of taps.entries()) {
    for (const [k, weight] of weights.entries()) {
      add(down, row * to * width, across, (start + k) * to * width, to * width, weight);
    }
  }
  return Float32Array.from(down);
}

/** `count` numbers of `from`, weighted, are added to those of `to`. */
function add(
  to: Float64Array,
  at: number,
  from: Float32Array | Float64Array,
  begin: number,
  count: number,
  weight: number,
): void {
  for (let i = 0; i < count; i++) to[at + i] = (to[at + i] ?? 0) + weight * (from[begin + i] ?? 0);
}
