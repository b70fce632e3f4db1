/** Where the arrow keys lead in the grid of queries and neighbours. */

export interface LookCell {
  /** Position among the queries that fit. */
  readonly row: number;
  /** 0: the neighbours of run A, 1: those of run B below them. */
  readonly strip: number;
  /** 0: the query; from 1: rank of the neighbour. */
  readonly column: number;
}

export interface LookGrid {
  readonly rows: number;
  readonly strips: 1 | 2;
  /** Neighbours shown in a strip of a row. */
  readonly count: (row: number, strip: number) => number;
}

/** Rows passed at once. */
const PAGE = 5;

/** The cell that a key leads to, null for another key. Stays at the edges. `ctrl`: Home and End lead to the outermost rows. */
export function moveInLook(key: string, ctrl: boolean, from: LookCell, grid: LookGrid): LookCell | null {
  switch (key) {
    case 'ArrowLeft':
      return settle({ ...from, column: from.column - 1 }, grid);
    case 'ArrowRight':
      return settle({ ...from, column: from.column + 1 }, grid);
    case 'ArrowUp':
      return settle(up(from, grid), grid);
    case 'ArrowDown':
      return settle(down(from, grid), grid);
    case 'PageUp':
      return settle({ ...from, row: from.row - PAGE }, grid);
    case 'PageDown':
      return settle({ ...from, row: from.row + PAGE }, grid);
    case 'Home':
      return settle(ctrl ? { row: 0, strip: 0, column: 0 } : { ...from, column: 0 }, grid);
    case 'End':
      return settle(
        { ...from, ...(ctrl ? { row: grid.rows - 1, strip: grid.strips - 1 } : {}), column: Number.MAX_SAFE_INTEGER },
        grid,
      );
    default:
      return null;
  }
}

/** The query stands beside both strips: from it the next query is one step away. */
function down({ row, strip, column }: LookCell, { rows, strips }: LookGrid): LookCell {
  if (column > 0 && strip < strips - 1) return { row, strip: strip + 1, column };
  return row < rows - 1 ? { row: row + 1, strip: 0, column } : { row, strip, column };
}

function up({ row, strip, column }: LookCell, { strips }: LookGrid): LookCell {
  if (column > 0 && strip > 0) return { row, strip: strip - 1, column };
  return row > 0 ? { row: row - 1, strip: column > 0 ? strips - 1 : 0, column } : { row, strip, column };
}

/** The nearest cell that exists. */
export function settle({ row, strip, column }: LookCell, { rows, strips, count }: LookGrid): LookCell {
  const there = Math.max(0, Math.min(rows - 1, row));
  const within = Math.min(strip, strips - 1);
  return { row: there, strip: within, column: Math.max(0, Math.min(count(there, within), column)) };
}
