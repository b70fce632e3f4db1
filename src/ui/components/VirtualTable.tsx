import { Box } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useRef } from 'react';
import { ScrollBox } from './ScrollBox.tsx';
import styles from './VirtualTable.module.css';

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  /** A CSS width; columns without one share what is left. */
  readonly width?: string;
  readonly numeric?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

interface VirtualTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Stable and unique. */
  readonly keyOf: (row: Row, at: number) => string;
  /** What a row is likely to measure, in pixels. */
  readonly rowHeight?: number;
  /** In a narrower box the table scrolls sideways. */
  readonly minWidth?: number;
  /** Height in pixels at which the rows begin to scroll. */
  readonly maxHeight?: number;
  /** In narrow windows each row becomes a block of lines instead. */
  readonly stacks?: boolean;
}

/** A table of any length in a scrolling box: only the rows in sight are in the document, empty ones keep their place. */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { label, columns, rows, keyOf, rowHeight = 38, minWidth = 0, maxHeight = 520, stacks = false } = props;
  const box = useRef<HTMLElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const items = virtualizer.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);

  return (
    <ScrollBox ref={box} label={label} style={{ maxHeight: `min(60vh, ${maxHeight}px)` }}>
      <Box
        component="table"
        className={stacks ? `${styles.table} ${styles.stacks}` : styles.table}
        __vars={{ '--least-width': `${minWidth}px` }}
        aria-label={label}
        aria-rowcount={rows.length + 1}
      >
        <colgroup>
          {columns.map((column) => (
            <col key={column.key} style={{ width: column.width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <th key={column.key} scope="col" className={column.numeric ? styles.numeric : undefined}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap height={before} columns={columns.length} />
          {items.map((item) => {
            const row = rows[item.index];
            return row === undefined ? null : (
              <tr
                key={keyOf(row, item.index)}
                ref={virtualizer.measureElement}
                data-index={item.index}
                aria-rowindex={item.index + 2}
              >
                {columns.map((column) => (
                  <td
                    key={column.key}
                    data-title={column.title}
                    className={column.numeric ? styles.numeric : undefined}
                  >
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          <Gap height={after} columns={columns.length} />
        </tbody>
      </Box>
    </ScrollBox>
  );
}

function Gap({ height, columns }: { readonly height: number; readonly columns: number }) {
  if (height <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: the rule takes every row for one of a grid; this one keeps a place, has no tabindex and takes no focus.
    <tr aria-hidden="true">
      <td colSpan={columns} className={styles.gap} style={{ height }} />
    </tr>
  );
}
