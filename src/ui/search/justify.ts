/** Narrower and wider images are cut, so that every tile has room for its words and none fills a row. */
const NARROWEST = 0.62;
const WIDEST = 2;

export interface JustifiedRow {
  /** Index of the first tile. */
  readonly first: number;
  /** Widths of the tiles in pixels. */
  readonly widths: readonly number[];
  readonly height: number;
}

/**
 * Rows of about equal height that fill the width, in the order given (ratios are width / height). A last row that does not
 * fill the width is as high as the row above it, so that tiles of one shape stand in columns.
 */
export function justify(
  ratios: readonly number[],
  width: number,
  wantedHeight: number,
  gap: number,
): readonly JustifiedRow[] {
  const rows: JustifiedRow[] = [];
  let first = 0;
  let row: number[] = [];
  let sum = 0;
  const close = (height: number): void => {
    rows.push({ first, height, widths: row.map((ratio) => ratio * height) });
    first += row.length;
    row = [];
    sum = 0;
  };
  for (const ratio of ratios) {
    const shown = Math.min(WIDEST, Math.max(NARROWEST, ratio));
    row.push(shown);
    sum += shown;
    const height = (width - (row.length - 1) * gap) / sum;
    if (height <= wantedHeight) close(height);
  }
  if (row.length > 0) close(Math.min(rows.at(-1)?.height ?? wantedHeight, (width - (row.length - 1) * gap) / sum));
  return rows;
}

/** Each group in rows of its own, in one list: positions go on from group to group. */
export function justifyGroups(
  groups: readonly (readonly number[])[],
  width: number,
  wantedHeight: number,
  gap: number,
): readonly (readonly JustifiedRow[])[] {
  let before = 0;
  return groups.map((ratios) => {
    const offset = before;
    before += ratios.length;
    return justify(ratios, width, wantedHeight, gap).map((row) => ({ ...row, first: row.first + offset }));
  });
}

export type Move = 'left' | 'right' | 'up' | 'down' | 'first' | 'last';

/** The tile that a key moves to: beside, or the one above or below whose centre is nearest. Stays at the edges. */
export function moveInRows(rows: readonly JustifiedRow[], from: number, move: Move, gap: number): number {
  const last = rows.at(-1);
  if (last === undefined) return from;
  const end = last.first + last.widths.length - 1;
  switch (move) {
    case 'left':
      return Math.max(0, from - 1);
    case 'right':
      return Math.min(end, from + 1);
    case 'first':
      return 0;
    case 'last':
      return end;
    case 'up':
    case 'down': {
      const at = rows.findIndex((row) => from >= row.first && from < row.first + row.widths.length);
      const here = rows[at];
      const there = rows[at + (move === 'up' ? -1 : 1)];
      if (here === undefined || there === undefined) return from;
      const centre = centres(here, gap)[from - here.first] ?? 0;
      const distances = centres(there, gap).map((other) => Math.abs(other - centre));
      return there.first + distances.indexOf(Math.min(...distances));
    }
  }
}

function centres({ widths }: JustifiedRow, gap: number): number[] {
  let left = 0;
  return widths.map((width) => {
    const centre = left + width / 2;
    left += width + gap;
    return centre;
  });
}
