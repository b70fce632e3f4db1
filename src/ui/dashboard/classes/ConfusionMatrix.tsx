import { useElementSize } from '@mantine/hooks';
import { type CSSProperties, type KeyboardEvent, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import {
  type ConfusedPair,
  type ConfusionCell,
  type ConfusionData,
  MOST_CLASSES,
  mostConfusedClasses,
} from '../../../app/dashboard/figures/classes.ts';
import { Name } from '../../components/Name.tsx';
import { ScrollBox } from '../../components/ScrollBox.tsx';
import { formatCount, formatShare } from '../../format.ts';
import { pairWords } from './class-words.ts';
import styles from './classes.module.css';

/** Sides of a cell in pixels; from `numbered` on, its share has room in it. */
const SIDE = { least: 18, numbered: 26, most: 44 };
/** Room for the names of the rows. */
const NAMES = 148;
/** The palest and the darkest wash, in per cent: ink is read on both, in both themes. */
const WASH = { palest: 20, darkest: 50 };

interface ConfusionMatrixProps {
  readonly data: ConfusionData;
  /** The cell whose queries are shown. */
  readonly opened: ConfusionCell | null;
  readonly onOpen: (cell: ConfusionCell) => void;
}

/** Class of the query × class that it meets, as a grid: arrow keys move from cell to cell, Enter opens one. */
export function ConfusionMatrix({ data: { view, confusion }, opened, onOpen }: ConfusionMatrixProps) {
  const { ref: sizeRef, width: observed } = useElementSize();
  const host = useRef<HTMLDivElement>(null);
  const [measured, setMeasured] = useState(0);
  // Before the first frame, so that nothing moves; the observer tells later widths.
  useLayoutEffect(() => setMeasured(host.current?.clientWidth ?? 0), []);
  const width = observed || measured;
  const classes = useMemo(() => mostConfusedClasses(confusion, MOST_CLASSES), [confusion]);
  const cells = useMemo(() => new Map(confusion.pairs.map((pair) => [keyOf(pair), pair])), [confusion]);
  const highest = Math.max(0, ...confusion.pairs.map(({ count, of }) => count / of));
  const side = Math.floor(Math.min(SIDE.most, Math.max(SIDE.least, (width - NAMES) / Math.max(1, classes.length))));
  const [[row, column], setFocused] = useState<readonly [number, number]>([0, 0]);
  const table = useRef<HTMLTableElement>(null);
  const name = useId();

  const cellAt = (at: readonly [number, number]): ConfusionCell | null => {
    const [query, neighbour] = [classes[at[0]], classes[at[1]]];
    return query === undefined || neighbour === undefined ? null : { query, neighbour };
  };
  const open = (at: readonly [number, number]) => {
    const cell = cellAt(at);
    if (cell && cells.has(keyOf(cell))) onOpen(cell);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const last = classes.length - 1;
    const to = moved(event.key, [row, column], last);
    if (to) {
      event.preventDefault();
      setFocused(to);
      table.current?.querySelector<HTMLElement>(`[data-row="${to[0]}"][data-column="${to[1]}"]`)?.focus();
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      open([row, column]);
    }
  };
  const placeOf = (target: EventTarget): readonly [number, number] | null => {
    const cell = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null;
    return cell ? [Number(cell.dataset['row']), Number(cell.dataset['column'])] : null;
  };

  if (classes.length === 0) return null;
  return (
    <div ref={sizeRef}>
      <div ref={host} />
      <p id={name} className={styles.axes}>
        Rows: class of the query. Columns: {view === 'first' ? 'class of its first neighbour' : 'first other class'}. In
        the cells: per cent of the row’s queries; open one to see its images.
      </p>
      <ScrollBox label="Confusion matrix">
        <table
          ref={table}
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells can be walked is a grid (WAI-ARIA's pattern).
          role="grid"
          aria-labelledby={name}
          className={styles.matrix}
          style={{ '--side': `${side}px` } as CSSProperties}
          onKeyDown={onKeyDown}
          onFocus={(event) => {
            const at = placeOf(event.target);
            if (at) setFocused(at);
          }}
          onClick={(event) => {
            const at = placeOf(event.target);
            if (at) open(at);
          }}
        >
          <thead>
            <tr>
              <td />
              {classes.map((className) => (
                <th key={className} scope="col" className={styles.column} title={className}>
                  <span>{className}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {classes.map((query, i) => (
              <tr key={query}>
                <th scope="row" className={styles.row} title={query}>
                  <Name>{query}</Name>
                </th>
                {classes.map((neighbour, j) => {
                  const pair = cells.get(keyOf({ query, neighbour })) ?? null;
                  return (
                    <td
                      key={neighbour}
                      data-row={i}
                      data-column={j}
                      data-kind={query === neighbour ? 'right' : 'wrong'}
                      data-opened={opened?.query === query && opened.neighbour === neighbour ? true : undefined}
                      data-filled={pair ? true : undefined}
                      tabIndex={i === row && j === column ? 0 : -1}
                      aria-label={cellWords({ query, neighbour }, pair)}
                      title={cellWords({ query, neighbour }, pair)}
                      style={pair ? ({ '--wash': `${washOf(pair, highest)}%` } as CSSProperties) : undefined}
                    >
                      {pair && side >= SIDE.numbered ? formatCount(Math.round((100 * pair.count) / pair.of)) : null}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </div>
  );
}

const keyOf = ({ query, neighbour }: ConfusionCell): string => JSON.stringify([query, neighbour]);

const washOf = ({ count, of }: ConfusedPair, highest: number): number =>
  Math.round(WASH.palest + (WASH.darkest - WASH.palest) * (count / of / highest));

/** "lime → lemon: 3 of 12 queries (25.0 %)" */
function cellWords({ query, neighbour }: ConfusionCell, pair: ConfusedPair | null): string {
  const words = pair ? `${pairWords(pair)} (${formatShare(pair.count / pair.of)} %)` : 'no query';
  return `${query} → ${neighbour}: ${words}`;
}

/** Where a key leads from a cell; null for keys that move nothing. */
function moved(key: string, [row, column]: readonly [number, number], last: number): readonly [number, number] | null {
  const within = (at: number) => Math.min(last, Math.max(0, at));
  switch (key) {
    case 'ArrowUp':
      return [within(row - 1), column];
    case 'ArrowDown':
      return [within(row + 1), column];
    case 'ArrowLeft':
      return [row, within(column - 1)];
    case 'ArrowRight':
      return [row, within(column + 1)];
    case 'Home':
      return [row, 0];
    case 'End':
      return [row, last];
    default:
      return null;
  }
}
