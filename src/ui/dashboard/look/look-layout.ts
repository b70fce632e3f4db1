/** Sizes of the rows, in pixels. They follow from the width alone, so that no row is measured while it scrolls. */

export const TILE_GAP = 4;
/** Smaller pictures show nothing. */
const SMALLEST = 40;
/** Larger ones leave few queries in sight; in wide windows, ten neighbours and the query fill the row. */
const LARGEST = [88, 176] as const;
const IN_A_ROW = 13;
/** From here on the query stands beside its neighbours, otherwise above them. */
const WIDE = 640;

export const WORDS_WIDTH = 136;
export const LETTER_WIDTH = 24;
export const ROW_PADDING = 12;
export const PART_GAP = 12;
const CAPTION = 20;

export interface LookLayout {
  readonly wide: boolean;
  /** Side of the query. */
  readonly query: number;
  /** Side of a neighbour. */
  readonly tile: number;
  /** Neighbours in a line. */
  readonly columns: number;
  /** Height of the neighbours of one run. */
  readonly strip: number;
  /** Height of a row with its padding. */
  readonly row: number;
}

/** `k` neighbours of each of `runs` runs, in a row of that width. */
export function layoutLook(width: number, k: number, runs: 1 | 2): LookLayout {
  const wide = width >= WIDE;
  const letter = runs === 2 ? LETTER_WIDTH : 0;
  const largest = wide ? Math.max(LARGEST[0], Math.min(LARGEST[1], Math.floor(width / IN_A_ROW))) : LARGEST[0];
  const available = wide ? width - largest - WORDS_WIDTH - letter - 3 * PART_GAP : width;
  let columns = k;
  let tile = sideOf(available, columns, largest);
  for (let lines = 2; tile < SMALLEST && columns > 1; lines++) {
    columns = Math.ceil(k / lines);
    tile = sideOf(available, columns, largest);
  }
  const lines = Math.ceil(k / columns);
  const strip = lines * tile + (lines - 1) * TILE_GAP;
  const query = wide ? largest : 56;
  const strips = runs * strip + (runs - 1) * PART_GAP;
  const content = wide
    ? Math.max(query + CAPTION, strips)
    : query + TILE_GAP + runs * (CAPTION + strip) + (runs - 1) * PART_GAP;
  return { wide, query, tile, columns, strip, row: content + 2 * ROW_PADDING };
}

function sideOf(available: number, columns: number, largest: number): number {
  return Math.max(1, Math.min(largest, Math.floor((available - (columns - 1) * TILE_GAP) / columns)));
}
