import { useMemo } from 'react';
import type { FigureColumn, FigureTable } from '../../figures/figure.ts';
import { localised } from '../number-language.ts';
import styles from './FigureView.module.css';
import { type Column, VirtualTable } from './VirtualTable.tsx';

/** A shorter table is in the document as a whole. */
const SHORT = 20;
const COLUMN_WIDTH = 104;
const FIRST_COLUMN_WIDTH = 140;

type Cell = string | number | null;
interface Row {
  readonly at: number;
  readonly cells: readonly Cell[];
}

/** The numbers behind a figure. */
export function FigureTableView({ title, table }: { readonly title: string; readonly table: FigureTable }) {
  const columns = useMemo(() => table.columns.map(columnOf), [table]);
  const rows = useMemo(() => table.rows.map((cells, at): Row => ({ at, cells })), [table]);
  const minWidth = FIRST_COLUMN_WIDTH + COLUMN_WIDTH * (columns.length - 1);
  return (
    <div className={styles.table}>
      <VirtualTable
        label={`${title}, table`}
        columns={columns}
        rows={rows}
        keyOf={({ at }) => String(at)}
        rowHeight={34}
        minWidth={minWidth}
        maxHeight={rows.length <= SHORT ? 720 : 400}
      />
    </div>
  );
}

function columnOf(column: FigureColumn, at: number): Column<Row> {
  const numbers = localised({
    maximumFractionDigits: column.digits ?? 3,
    ...(column.digits === undefined ? {} : { minimumFractionDigits: column.digits }),
  });
  const words = (cell: Cell | undefined): string =>
    typeof cell === 'number' ? numbers.format(cell).replace('-', '\u2212') : (cell ?? '–');
  return {
    key: String(at),
    title: column.title,
    numeric: column.numeric,
    ...(at === 0 && !column.numeric ? { width: `${FIRST_COLUMN_WIDTH}px` } : {}),
    cell: ({ cells }) => words(cells[at]),
  };
}
