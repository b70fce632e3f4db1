import { useElementSize } from '@mantine/hooks';
import { IconCheck } from '@tabler/icons-react';
import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type MouseEvent,
  memo,
  type SyntheticEvent,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { ImageRecord } from '../../types.ts';
import { ImageKeys, pressImageKey } from '../components/image-actions.tsx';
import { Name } from '../components/Name.tsx';
import { Thumbnail } from '../components/Picture.tsx';
import { usePageOffset } from '../components/page-offset.ts';
import { fileName, formatCount } from '../format.ts';
import { isFocusFree } from '../frame/keep-focus.ts';
import { ImageBar, useChoosing } from './ImageBar.tsx';
import { useImageActions } from './image-decisions.tsx';
import type { Selection } from './use-selection.ts';
import styles from './Wall.module.css';
import {
  groupByClass,
  stepOnWall,
  survivorOf,
  type WallRow,
  type WallStep,
  wallPlaces,
  wallRows,
} from './wall-rows.ts';

/** Pixels of a tile's side: at least, and in a wide window whose rows no class fills. */
const TILE = 96;
const LARGE_TILE = 160;
const WIDE = 1600;
const GAP = 8;
const CLASS_ROW = 40;

interface WallProps {
  /** What the images are: "Training images". */
  readonly label: string;
  readonly images: readonly ImageRecord[];
  readonly selection: Selection;
  readonly onEnlarge: (image: ImageRecord) => void;
}

const STEPS: Readonly<Record<string, WallStep>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
};

/**
 * Thumbnails grouped by class. Only the rows in sight are in the document, so that only they are decoded. One stop of the
 * tab key: arrow keys go from image to image.
 */
export function Wall({ label, images, selection, onEnlarge }: WallProps) {
  const actionsOn = useImageActions();
  const { ref: sizeRef, width } = useElementSize();
  const groups = useMemo(() => groupByClass(images), [images]);
  const largest = groups.reduce((most, group) => Math.max(most, group.images.length), 1);
  const fitting = (tile: number) => Math.max(1, Math.floor((width + GAP) / (tile + GAP)));
  const columns = width < WIDE ? fitting(TILE) : Math.min(fitting(TILE), Math.max(fitting(LARGE_TILE), largest));
  const rows = useMemo(() => wallRows(groups, columns), [groups, columns]);
  const places = useMemo(() => wallPlaces(rows), [rows]);
  const side = (width - (columns - 1) * GAP) / columns;
  const [choosing, setChoosing] = useChoosing();

  const list = useRef<HTMLDivElement>(null);
  const [offset, measureOffset] = usePageOffset(list);
  useLayoutEffect(measureOffset);

  const [reached, setReached] = useState<string | null>(null);
  const [order, setOrder] = useState(places.order);
  if (order !== places.order) {
    setOrder(places.order);
    // What was reached may have left the wall.
    if (reached !== null) setReached(survivorOf(order, reached, new Set(places.order)));
  }
  const active = reached !== null && places.order.includes(reached) ? reached : (places.order[0] ?? null);

  const virtualizer = useWindowVirtualizer({
    count: width === 0 ? 0 : rows.length,
    estimateSize: (at) => (rows[at]?.kind === 'class' ? CLASS_ROW : side + GAP),
    overscan: 4,
    scrollMargin: offset,
    // The tab stop stays in the document when it is scrolled away, or the keyboard could not enter.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      return active === null ? shown : [...new Set([...shown, places.rowOf(active)])].sort((a, b) => a - b);
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: measure() forgets the known heights of rows, which side and rows decide: it has to run when they change.
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, side, rows]);

  /** Gets the focus once its row is in the document. */
  const wanted = useRef<string | null>(null);
  /** Whether an image here has the focus: one that goes to another row is drawn again, and gets it back. */
  const held = useRef(false);
  useLayoutEffect(() => {
    if (held.current && isFocusFree()) wanted.current ??= active;
    if (wanted.current === null) return;
    const tile = list.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(wanted.current)}"]`);
    if (!tile) return;
    wanted.current = null;
    tile.focus({ preventScroll: true });
  });
  const chosen = useMemo(() => images.filter(({ path }) => selection.paths.has(path)), [images, selection.paths]);

  /** With the next image, when something has been decided of these. */
  const goOn = (decided: readonly ImageRecord[]): void => {
    const [first] = decided;
    if (active === null || !first) return;
    const gone = new Set(decided.map(({ path }) => path));
    const left = new Set(places.order.filter((path) => !gone.has(path)));
    const next = survivorOf(places.order, gone.has(active) ? active : first.path, left);
    setReached(next);
    wanted.current = next;
    if (next !== null) virtualizer.scrollToIndex(places.rowOf(next));
  };

  /** Of what is selected, where anything is. */
  const actionsOnTile = (image: ImageRecord) => {
    const these = chosen.length > 0 ? chosen : [image];
    const paths = these.map(({ path }) => path);
    return actionsOn(image, {
      paths,
      onChoose: () => {
        selection.choose(paths);
        setChoosing(true);
      },
      onMoved: () => {
        selection.clear();
        goOn(these);
      },
    });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (active === null || event.altKey) return;
    const onTile = event.target instanceof Element && event.target.closest('[data-path]') !== null;
    // Those keys press a class's button.
    if (!onTile && (event.key === 'Enter' || event.key === ' ')) return;
    const image = places.imageOf(active);
    const command = event.ctrlKey || event.metaKey;
    const step = command ? undefined : STEPS[event.key];
    const act = (): boolean => {
      if (step !== undefined) {
        const next = stepOnWall(places, active, step);
        if (event.shiftKey) selection.extend(next, places.order);
        setReached(next);
        wanted.current = next;
        virtualizer.scrollToIndex(places.rowOf(next));
        return true;
      }
      if (command && event.key.toLowerCase() === 'a') selection.choose(places.order);
      else if (command || !image) return false;
      else if (event.key === ' ') selection.toggle(active);
      else if (event.key === 'Enter') onEnlarge(image);
      else if (event.key === 'Escape' && chosen.length > 0) selection.clear();
      else return onTile && pressImageKey(actionsOnTile(image), event);
      return true;
    };
    if (act()) event.preventDefault();
  };

  const onClick = (event: MouseEvent): void => {
    const { path, group } = pressed(event);
    if (group !== undefined) {
      const members = groups[Number(group)]?.images ?? [];
      selection.choose([...selection.paths, ...members.map((image) => image.path)]);
    }
    if (path === undefined) return;
    setReached(path);
    if (event.shiftKey) selection.extend(path, places.order);
    else selection.toggle(path);
  };
  const onDoubleClick = (event: MouseEvent): void => {
    const image = places.imageOf(pressed(event).path ?? '');
    if (image) onEnlarge(image);
  };

  return (
    <section ref={sizeRef} aria-label={`${label}, grouped by class`}>
      <p className={styles.hint}>
        Press to select, with Shift as far as there; press twice to enlarge. <ImageKeys move="arrows" selectable />
      </p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the images inside, of which one has the focus. */}
      <div
        ref={list}
        className={styles.wall}
        style={{ height: virtualizer.getTotalSize() }}
        onKeyDown={onKeyDown}
        onFocus={(event) => {
          const { path } = pressed(event);
          held.current = path !== undefined;
          if (path !== undefined) setReached(path);
        }}
        onBlur={() => {
          held.current = false;
        }}
        onClick={onClick}
        onDoubleClick={onDoubleClick}
      >
        {virtualizer.getVirtualItems().map((item) => {
          const row = rows[item.index];
          return row === undefined ? null : (
            <div
              key={item.key}
              className={styles.row}
              style={{ height: item.size, transform: `translateY(${item.start - offset}px)` }}
            >
              <Row
                row={row}
                side={side}
                active={row.kind === 'tiles' && row.images.some(({ path }) => path === active) ? active : null}
                group={row.kind === 'class' ? groups.indexOf(row.group) : -1}
                selected={selection.paths}
              />
            </div>
          );
        })}
      </div>
      <ImageBar
        images={chosen}
        onClear={selection.clear}
        onDecided={() => goOn(chosen)}
        choosing={choosing}
        onChoosing={setChoosing}
      />
    </section>
  );
}

interface RowProps {
  readonly row: WallRow;
  readonly side: number;
  /** The image that the tab key reaches, where it is in this row. */
  readonly active: string | null;
  /** Position of the class among the groups. */
  readonly group: number;
  readonly selected: ReadonlySet<string>;
}

/** What of the wall was pressed, or has the focus. */
const pressed = ({ target }: SyntheticEvent): { readonly path?: string; readonly group?: string } =>
  (target instanceof Element && target.closest<HTMLElement>('[data-path], [data-group]')?.dataset) || {};

const Row = memo(function Row({ row, side, active, group, selected }: RowProps) {
  if (row.kind === 'class') {
    const { className, images } = row.group;
    return (
      <h3 className={styles.class}>
        {className === null ? <span>Class unknown</span> : <Name>{className}</Name>}
        <span className={styles.count}>{formatCount(images.length)}</span>
        <button
          type="button"
          className={styles.all}
          data-group={group}
          aria-label={`Select all of ${className ?? 'unknown class'}`}
        >
          Select
        </button>
      </h3>
    );
  }
  return (
    <ul className={styles.tiles}>
      {row.images.map((image) => (
        <li key={image.path} className={styles.tile} style={{ width: side, height: side }} title={fileName(image.path)}>
          <button
            type="button"
            className={styles.press}
            data-path={image.path}
            aria-pressed={selected.has(image.path)}
            tabIndex={image.path === active ? 0 : -1}
          >
            <Thumbnail hash={image.hash} alt={fileName(image.path)} />
            {selected.has(image.path) ? (
              <span className={styles.mark}>
                <IconCheck size={14} stroke={3} aria-hidden="true" />
              </span>
            ) : null}
          </button>
        </li>
      ))}
    </ul>
  );
});
