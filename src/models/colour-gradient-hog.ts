import { cellShares } from './colour-gradient-cells.ts';

/** Cells a side, and orientations over half a turn: a bright edge on dark counts as a dark one on bright. */
const GRID = 4;
const ORIENTATIONS = 12;
/** L2-Hys: no orientation may dominate its block. */
const CLIP = 0.2;
/** Mean gradient length (of values 0–1) below which a block counts as flat: its noise is not blown up to full strength. */
const FLOOR = 1e-2;

export const GRADIENT_FEATURES = GRID * GRID * ORIENTATIONS;

/**
 * Writes an image's histograms of oriented gradients to `out` ([GRID, GRID, ORIENTATIONS], zero before; Dalal & Triggs
 * 2005). Central differences of the square root of the luma, shared out linearly between neighbouring orientations and
 * cells. Each cell is normalised (L2-Hys) within each block of 2 × 2 cells that holds it, and the results are averaged,
 * as Felzenszwalb et al. 2010 reduce them: a quarter of the length, about the same accuracy. `image` is [size, size, 3] RGB.
 */
export function gradientHistogram(image: Uint8Array, size: number, out: Float32Array): void {
  const cells = orientationCells(sqrtLuma(image, size), size >> 1);
  for (let y = 0; y < GRID - 1; y += 1) {
    for (let x = 0; x < GRID - 1; x += 1) addBlock(cells, y * GRID + x, out);
  }
  for (let y = 0; y < GRID; y += 1) {
    for (let x = 0; x < GRID; x += 1) {
      const blocks = (y % (GRID - 1) === 0 ? 1 : 2) * (x % (GRID - 1) === 0 ? 1 : 2);
      const at = (y * GRID + x) * ORIENTATIONS;
      for (let i = at; i < at + ORIENTATIONS; i += 1) out[i] = (out[i] ?? 0) / blocks;
    }
  }
}

/** [size / 2, size / 2], 0–1: blocks of 2 × 2 pixels. The square root evens out edges in light and shade. */
function sqrtLuma(image: Uint8Array, size: number): Float32Array {
  const half = size >> 1;
  const luma = new Float32Array(half * half);
  for (let y = 0; y < half; y += 1) {
    for (let x = 0; x < half; x += 1) {
      const at = 2 * (y * size + x) * 3;
      const sum = pairLuma(image, at) + pairLuma(image, at + size * 3);
      luma[y * half + x] = Math.sqrt(sum / (4 * 255));
    }
  }
  return luma;
}

/** Luma (Rec. 601) of a pixel and its right neighbour, added. */
function pairLuma(image: Uint8Array, at: number): number {
  const r = (image[at] ?? 0) + (image[at + 3] ?? 0);
  const g = (image[at + 1] ?? 0) + (image[at + 4] ?? 0);
  const b = (image[at + 2] ?? 0) + (image[at + 5] ?? 0);
  return 0.299 * r + 0.587 * g + 0.114 * b;
}

/** [GRID, GRID, ORIENTATIONS]: mean gradient length a pixel of the cell, by orientation. */
function orientationCells(luma: Float32Array, size: number): Float64Array {
  const cells = new Float64Array(GRADIENT_FEATURES);
  const { first, share } = cellShares(size, GRID);
  const perPixel = (GRID / size) ** 2;
  const add = (at: number, amount: number) => {
    cells[at] = (cells[at] ?? 0) + amount;
  };
  for (let y = 1; y < size - 1; y += 1) {
    const down = share[y] ?? 0;
    for (let x = 1; x < size - 1; x += 1) {
      const at = y * size + x;
      const dx = (luma[at + 1] ?? 0) - (luma[at - 1] ?? 0);
      const dy = (luma[at + size] ?? 0) - (luma[at - size] ?? 0);
      if (dx === 0 && dy === 0) continue;
      const length = Math.sqrt(dx * dx + dy * dy) * perPixel;
      const turn = (Math.atan2(dy, dx) / Math.PI + 1) * ORIENTATIONS;
      const turn0 = Math.floor(turn);
      const low = turn0 % ORIENTATIONS;
      const high = (turn0 + 1) % ORIENTATIONS;
      const toHigh = length * (turn - turn0);
      const toLow = length - toHigh;
      const right = share[x] ?? 0;
      const cell = ((first[y] ?? 0) * GRID + (first[x] ?? 0)) * ORIENTATIONS;
      for (let corner = 0; corner < 4; corner += 1) {
        const weight = (corner & 2 ? down : 1 - down) * (corner & 1 ? right : 1 - right);
        const bins = cell + (corner & 2 ? GRID * ORIENTATIONS : 0) + (corner & 1 ? ORIENTATIONS : 0);
        add(bins + low, weight * toLow);
        add(bins + high, weight * toHigh);
      }
    }
  }
  return cells;
}

/** Adds the four cells of the block whose upper left cell is `corner`, normalised together, to `out`. */
function addBlock(cells: Float64Array, corner: number, out: Float32Array): void {
  const starts = [corner, corner + 1, corner + GRID, corner + GRID + 1];
  const block = starts.flatMap((cell) => [...cells.subarray(cell * ORIENTATIONS, (cell + 1) * ORIENTATIONS)]);
  const clipped = normalised(block, FLOOR ** 2).map((value) => Math.min(value, CLIP));
  normalised(clipped, 0).forEach((value, i) => {
    const at = (starts[Math.floor(i / ORIENTATIONS)] ?? 0) * ORIENTATIONS + (i % ORIENTATIONS);
    out[at] = (out[at] ?? 0) + value;
  });
}

function normalised(values: readonly number[], floor: number): number[] {
  let squares = floor;
  for (const value of values) squares += value * value;
  const length = Math.sqrt(squares);
  return length === 0 ? [...values] : values.map((value) => value / length);
}
