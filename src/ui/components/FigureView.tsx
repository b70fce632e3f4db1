import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type ReactNode, useId, useMemo, useState } from 'react';
import type { Figure, FigureColumn, FigureTable } from '../../figures/figure.ts';
import { localised } from '../number-language.ts';
import { useActions } from '../workspace.tsx';
import { FigureDrawing, FigureLegend } from './FigureDrawing.tsx';
import styles from './FigureView.module.css';
import { type Column, VirtualTable } from './VirtualTable.tsx';

interface FigureViewProps {
  readonly figure: Figure;
  /** Controls of this figure, beside the menu. */
  readonly tools?: ReactNode;
  /** In place of the drawing, what says the same and can be worked with. */
  readonly drawn?: ReactNode;
  /** What a user should know when reading it. */
  readonly children?: ReactNode;
}

const formats = [
  { format: 'svg', label: 'Drawing, SVG' },
  { format: 'png', label: 'Picture, PNG' },
  { format: 'csv', label: 'Table, CSV' },
] as const;

/** A figure with its title, legend, the table behind it, and a menu to save it. */
export function FigureView({ figure, tools, drawn, children }: FigureViewProps) {
  const { saveFigure } = useActions();
  const heading = useId();
  const [open, setOpen] = useState(false);
  return (
    <section className={styles.figure} aria-labelledby={heading}>
      <div className={styles.head}>
        <h2 id={heading} className={styles.title}>
          {figure.title}
        </h2>
        <div className={styles.tools}>
          {tools}
          <Menu position="bottom-end">
            <Menu.Target>
              <Button
                size="compact-xs"
                variant="default"
                leftSection={<IconDownload size={14} aria-hidden="true" />}
                aria-label={`Save the figure ${figure.title}`}
              >
                Save
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {formats.map(({ format, label }) => (
                <Menu.Item key={format} onClick={() => void saveFigure(figure, format)}>
                  {label}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        </div>
      </div>
      <FigureLegend legend={figure.legend} />
      {drawn ?? <FigureDrawing figure={figure} />}
      {children}
      <details className={styles.details} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>Table</summary>
        {open ? <FigureTableView title={figure.title} table={figure.table} /> : null}
      </details>
    </section>
  );
}

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
function FigureTableView({ title, table }: { readonly title: string; readonly table: FigureTable }) {
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
