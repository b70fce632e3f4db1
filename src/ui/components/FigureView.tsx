import { Button, Menu } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconDownload } from '@tabler/icons-react';
import { type ReactNode, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { chosenNumbers } from '../../app/settings/number-language.ts';
import {
  type Figure,
  type FigureColumn,
  type FigureTable,
  type LegendEntry,
  screenPaper,
} from '../../figures/figure.ts';
import { localised } from '../number-language.ts';
import { useActions } from '../workspace.tsx';
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

/** A figure's drawing, made again for every width; those who do not see it are told its summary. */
export function FigureDrawing({ figure }: { readonly figure: Figure }) {
  const { ref: sizeRef, width } = useElementSize();
  const host = useRef<HTMLDivElement>(null);
  const drawn = useRef<{ readonly figure: Figure; readonly width: number } | null>(null);

  // Before the first frame, so that what is below has its place at once; the observer tells the width a frame later.
  useLayoutEffect(() => {
    if (host.current === null) return;
    const at = Math.floor(width === 0 ? host.current.clientWidth : width);
    if (at === 0 || (drawn.current?.figure === figure && drawn.current.width === at)) return;
    drawn.current = { figure, width: at };
    host.current.replaceChildren(figure.draw(screenPaper(at, chosenNumbers)));
  }, [figure, width]);

  return (
    <div ref={sizeRef} className={styles.size}>
      <div role="img" aria-label={`${figure.title}. ${figure.summary(chosenNumbers)}`}>
        <div ref={host} className={styles.drawing} aria-hidden="true" />
      </div>
    </div>
  );
}

export function FigureLegend({ legend }: { readonly legend: readonly LegendEntry[] }) {
  if (legend.length === 0) return null;
  return (
    <ul className={styles.legend}>
      {legend.map(({ label, colour, dash }) => (
        <li key={label} className={styles.key}>
          <svg width="24" height="8" aria-hidden="true">
            <line x1="0" x2="24" y1="4" y2="4" stroke={colour} strokeWidth="2" strokeDasharray={dash ?? undefined} />
          </svg>
          <span>{label}</span>
        </li>
      ))}
    </ul>
  );
}
