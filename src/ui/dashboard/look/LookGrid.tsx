import { useElementSize } from '@mantine/hooks';
import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type MouseEvent,
  memo,
  type Ref,
  type SyntheticEvent,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { countNeighbours } from '../../../core/look.ts';
import { ImageKeys, pressImageKey } from '../../components/image-actions.tsx';
import { usePageOffset } from '../../components/page-offset.ts';
import { LookRow } from './LookRow.tsx';
import styles from './look.module.css';
import { openQuery } from './look-address.ts';
import { type LookImage, useLookImages } from './look-images.tsx';
import { layoutLook } from './look-layout.ts';
import { type LookGrid as Grid, type LookCell, moveInLook, settle } from './look-moves.ts';
import { copyOf } from './look-order.ts';
import { emptyPool } from './thumbnail-pool.ts';
import type { LookView } from './use-look.ts';

/** Room for the frame's bar at the bottom of narrow windows. */
const COVERED_BELOW = 72;
const MARGIN = 8;

/** The dashboard's tabs stay in sight above the rows. */
function coveredAbove(): number {
  return (document.querySelector('[role="tablist"]')?.getBoundingClientRect().bottom ?? 0) + MARGIN;
}

export interface LookGridHandle {
  /** Brings a query (a position in the table) into sight and focus, where it is among those that fit. */
  readonly focusQuery: (query: number) => void;
}

interface LookGridProps {
  readonly ref: Ref<LookGridHandle>;
  readonly view: LookView;
  /** Positions in the table, in order. */
  readonly fitting: Int32Array;
  readonly k: number;
}

/** Only the rows in sight are in the document. One tab stop; arrow keys move among queries and neighbours, Enter enlarges. */
export const LookGrid = memo(function LookGrid({ ref, view, fitting, k }: LookGridProps) {
  const { ref: sizeRef, width } = useElementSize();
  const list = useRef<HTMLDivElement>(null);
  const wanted = useRef<LookCell | null>(null);
  const [active, setActive] = useState<LookCell>({ row: 0, strip: 0, column: 0 });
  const [answered, setAnswered] = useState(fitting);
  if (answered !== fitting) {
    setAnswered(fitting);
    setActive({ row: 0, strip: 0, column: 0 });
  }
  const images = useLookImages(view, k);
  const [offset, measureOffset] = usePageOffset(list);
  const layout = useMemo(() => layoutLook(width, k, view.sides.length), [width, k, view.sides.length]);

  const grid: Grid = {
    rows: fitting.length,
    strips: view.sides.length,
    count: (row, strip) => {
      const column = view.sides[strip]?.column;
      return column === undefined ? 0 : countNeighbours(column, fitting[row] ?? -1, k);
    },
  };
  const stop = settle(active, grid);

  const virtualizer = useWindowVirtualizer({
    count: width === 0 ? 0 : fitting.length,
    estimateSize: () => layout.row,
    overscan: 2,
    scrollMargin: offset,
    // The tab stop stays in the document when it is scrolled away, or the keyboard could not enter.
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), stop.row])].sort((a, b) => a - b),
  });
  // After each render, but those of scrolling, which would lay out the page once more in every frame.
  useLayoutEffect(() => {
    if (!virtualizer.isScrolling) measureOffset();
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: measure() forgets the known heights of rows, which the layout decides: it has to run when layout.row changes.
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, layout.row]);
  // The rows let their thumbnails go after this.
  useEffect(() => () => queueMicrotask(emptyPool), []);

  const goTo = (cell: LookCell): void => {
    wanted.current = cell;
    setActive(cell);
    const top = offset + cell.row * layout.row;
    const above = top - coveredAbove();
    const below = top + layout.row + COVERED_BELOW - window.innerHeight;
    if (window.scrollY > above) window.scrollTo({ top: above });
    else if (window.scrollY < below) window.scrollTo({ top: below });
  };

  useImperativeHandle(ref, () => ({
    focusQuery: (query) => {
      const row = fitting.indexOf(query);
      if (row >= 0) goTo({ row, strip: 0, column: 0 });
    },
  }));

  useEffect(() => {
    if (wanted.current === null) return;
    const { row, strip, column } = wanted.current;
    const cell = list.current?.querySelector<HTMLElement>(
      `[data-index="${row}"] [data-cell="${column === 0 ? 0 : strip}:${column}"]`,
    );
    if (cell === null || cell === undefined) return;
    wanted.current = null;
    cell.focus({ preventScroll: true });
  });

  const open = (row: number): void => {
    const query = fitting[row] ?? -1;
    const hash = view.table.queries[query]?.hash ?? null;
    if (hash !== null) openQuery(hash, copyOf(view.table, query), 'push');
  };

  const imageAt = ({ row, strip, column }: LookCell): LookImage => ({
    query: fitting[row] ?? -1,
    side: column === 0 ? 0 : strip,
    at: column === 0 ? null : column - 1,
  });
  /** A query is shown large with its rankings, a neighbour beside its query. */
  const enlarge = (cell: LookCell): void => {
    if (cell.column === 0) open(cell.row);
    else images.enlarge(imageAt(cell));
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.metaKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      enlarge(stop);
      return;
    }
    if (pressImageKey(images.actionsOn(imageAt(stop)), event)) return;
    const next = moveInLook(event.key, event.ctrlKey, wanted.current ?? stop, grid);
    if (next === null) return;
    event.preventDefault();
    goTo(next);
  };

  return (
    <div ref={sizeRef}>
      <ImageKeys move="arrows" />
      {/* biome-ignore lint/a11y/useSemanticElements: its rows are placed one by one outside the flow, which takes a table's role from it. */}
      <div
        ref={list}
        role="grid"
        tabIndex={-1}
        aria-label="Queries and their nearest images"
        aria-rowcount={fitting.length}
        className={styles.grid}
        style={{ height: virtualizer.getTotalSize() }}
        onKeyDown={onKeyDown}
        onFocus={(event) => {
          const cell = cellOf(event);
          if (cell !== null) setActive(cell);
        }}
        onClick={(event: MouseEvent) => {
          const [cell, row] = [cellOf(event), rowOf(event)];
          if (cell !== null) enlarge(cell);
          else if (row !== null) open(row);
        }}
      >
        {virtualizer.getVirtualItems().map(({ index, start, size }) => {
          const query = fitting[index];
          return query === undefined ? null : (
            // biome-ignore lint/a11y/useSemanticElements: placed outside the flow, a <tr> would lose its role, and its cells with it.
            <div
              key={query}
              role="row"
              tabIndex={-1}
              aria-rowindex={index + 1}
              data-index={index}
              className={styles.row}
              style={{ height: size, transform: `translateY(${start - offset}px)` }}
            >
              <LookRow
                view={view}
                layout={layout}
                query={query}
                k={k}
                stop={index === stop.row ? `${stop.strip}:${stop.column}` : null}
              />
            </div>
          );
        })}
      </div>
      {images.enlarged}
    </div>
  );
});

function rowOf({ target }: SyntheticEvent): number | null {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-index]')?.dataset['index'] : undefined;
  return row === undefined ? null : Number(row);
}

function cellOf(event: SyntheticEvent): LookCell | null {
  const { target } = event;
  const cell = target instanceof Element ? target.closest<HTMLElement>('[data-cell]')?.dataset['cell'] : undefined;
  const row = rowOf(event);
  const [strip, column] = (cell ?? '').split(':').map(Number);
  return row === null || strip === undefined || column === undefined ? null : { row, strip, column };
}
