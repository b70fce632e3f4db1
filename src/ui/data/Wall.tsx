import { useElementSize } from '@mantine/hooks';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { memo, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ImageRecord } from '../../types.ts';
import { Name } from '../components/Name.tsx';
import { Thumbnail } from '../components/Thumbnail.tsx';
import { fileName, formatCount } from '../format.ts';
import styles from './Wall.module.css';
import { groupByClass, type WallRow, wallRows } from './wall-rows.ts';

const TILE = 96;
const GAP = 8;
const CLASS_ROW = 40;

interface WallProps {
  /** What the images are: "Training images". */
  readonly label: string;
  readonly images: readonly ImageRecord[];
}

/** Thumbnails grouped by class. Only the rows in sight are in the document, so that only they are decoded. */
export function Wall({ label, images }: WallProps) {
  const { ref: sizeRef, width } = useElementSize();
  const columns = Math.max(1, Math.floor((width + GAP) / (TILE + GAP)));
  const groups = useMemo(() => groupByClass(images), [images]);
  const rows = useMemo(() => wallRows(groups, columns), [groups, columns]);
  const side = (width - (columns - 1) * GAP) / columns;

  const list = useRef<HTMLDivElement>(null);
  const [offset, setOffset] = useState(0);
  // What stands above the wall changes its height with its content, which no event tells: measured after each render.
  useLayoutEffect(() => {
    const top = list.current === null ? 0 : list.current.getBoundingClientRect().top + window.scrollY;
    setOffset((known) => (Math.abs(known - top) > 1 ? top : known));
  });

  const virtualizer = useWindowVirtualizer({
    count: width === 0 ? 0 : rows.length,
    estimateSize: (at) => (rows[at]?.kind === 'class' ? CLASS_ROW : side + GAP),
    overscan: 4,
    scrollMargin: offset,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: measure() forgets the known heights of rows, which side and rows decide: it has to run when they change.
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, side, rows]);

  return (
    <section ref={sizeRef} aria-label={`${label}, grouped by class`}>
      <div ref={list} className={styles.wall} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const row = rows[item.index];
          return row === undefined ? null : (
            <div
              key={item.key}
              className={styles.row}
              style={{ height: item.size, transform: `translateY(${item.start - offset}px)` }}
            >
              <Row row={row} side={side} />
            </div>
          );
        })}
      </div>
    </section>
  );
}

const Row = memo(function Row({ row, side }: { readonly row: WallRow; readonly side: number }) {
  if (row.kind === 'class') {
    return (
      <h3 className={styles.class}>
        {row.group.className === null ? <span>Class unknown</span> : <Name>{row.group.className}</Name>}
        <span className={styles.count}>{formatCount(row.group.images.length)}</span>
      </h3>
    );
  }
  return (
    <ul className={styles.tiles}>
      {row.images.map((image) => (
        <li key={image.path} className={styles.tile} style={{ width: side, height: side }} title={fileName(image.path)}>
          <Thumbnail hash={image.hash} alt={fileName(image.path)} />
        </li>
      ))}
    </ul>
  );
});
