/** How the outputs of a product are divided among threads. */
export interface Tiles {
  /** Outputs of a thread: rows, and fours of columns. Neighbouring threads have neighbouring rows and fours, a thread those `down` and `across` further on. */
  readonly rows: number;
  readonly fours: number;
  /** Threads of a workgroup, across and down. */
  readonly across: number;
  readonly down: number;
}

/** 64 sums a thread: 12 fours read give 64 products of fours. */
export const LARGE: Tiles = { rows: 8, fours: 2, across: 8, down: 4 };
/** 16 sums a thread: 8 fours read give 16 products of fours, and four times as many threads are there. */
export const SMALL: Tiles = { rows: 4, fours: 1, across: 16, down: 4 };
/** Of workgroups that share what they read: 64 × 64 outputs each, by one large or four small threads. */
export const SHARED_LARGE: Tiles = { rows: 8, fours: 2, across: 8, down: 8 };
export const SHARED_SMALL: Tiles = { rows: 4, fours: 1, across: 16, down: 16 };

/** Workgroups across and down that outputs take. */
export function workgroupsOf(
  { rows, fours, across, down }: Tiles,
  outputs: number,
  all: number,
): [number, number, number] {
  return [Math.ceil(outputs / (4 * fours * across)), Math.ceil(all / (rows * down)), 1];
}
