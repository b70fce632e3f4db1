import { Button, UnstyledButton } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useRef } from 'react';
import type { ReadImage } from '../../../app/dashboard/embedding-map.ts';
import { type ImageAction, pressImageKey } from '../../components/image-actions.tsx';
import { Thumbnail } from '../../components/Picture.tsx';
import { ImageBar } from '../../data/ImageBar.tsx';
import { fileName, formatAmount } from '../../format.ts';
import styles from './map.module.css';
import { splitNames } from './map-words.ts';

const COLUMNS = 3;
const TILE = 88;

interface SelectionProps {
  readonly images: readonly ReadImage[];
  /** The model among whose clusters they were chosen together; null where they were chosen otherwise. */
  readonly clusteredBy: string | null;
  readonly onClear: () => void;
  readonly onEnlarge: (path: string) => void;
  readonly actionsOn: (image: ReadImage) => readonly ImageAction[];
  /** Whether a class is being chosen for them. */
  readonly choosing: boolean;
  readonly onChoosing: (choosing: boolean) => void;
}

/** The images chosen on the map: each can be enlarged, and all of them be given a class. */
export function Selection({
  images,
  clusteredBy,
  onClear,
  onEnlarge,
  actionsOn,
  choosing,
  onChoosing,
}: SelectionProps) {
  const box = useRef<HTMLUListElement>(null);
  const virtualizer = useVirtualizer({
    count: Math.ceil(images.length / COLUMNS),
    getScrollElement: () => box.current,
    estimateSize: () => TILE,
    overscan: 3,
  });
  const first = (virtualizer.getVirtualItems()[0]?.index ?? 0) * COLUMNS;
  const last = ((virtualizer.getVirtualItems().at(-1)?.index ?? -1) + 1) * COLUMNS;

  return (
    <section className={styles.part} aria-labelledby="map-selection">
      <div className={styles.head}>
        <h2 id="map-selection">
          <span role="status">
            {images.length === 0 ? 'Nothing selected' : `${formatAmount(images.length, 'image')} selected`}
          </span>
        </h2>
        {images.length === 0 ? null : (
          <Button size="compact-xs" variant="transparent" onClick={onClear}>
            Clear
          </Button>
        )}
      </div>
      {images.length === 0 ? (
        <p className={styles.classNote}>
          Press a point, draw a lasso around some, or select a class. The images are listed here: each can be enlarged
          and searched with, and all of them be given a class or excluded.
        </p>
      ) : (
        <ul ref={box} className={styles.selection} aria-label="Selected images">
          <li aria-hidden="true" style={{ height: virtualizer.getTotalSize() }} />
          {images.slice(first, last).map((image, i) => {
            const name = `${image.className ?? 'Class unknown'}, ${splitNames[image.split]}, ${fileName(image.file)}`;
            const row = Math.floor((first + i) / COLUMNS);
            return (
              <li
                key={image.path}
                className={styles.selectionTile}
                style={{
                  insetBlockStart: row * TILE,
                  insetInlineStart: `${(((first + i) % COLUMNS) * 100) / COLUMNS}%`,
                }}
              >
                <UnstyledButton
                  className={styles.selectionPress}
                  title={name}
                  aria-label={`Enlarge ${name}`}
                  onClick={() => onEnlarge(image.path)}
                  onKeyDown={(event: KeyboardEvent) => {
                    pressImageKey(actionsOn(image), event);
                  }}
                >
                  <Thumbnail hash={image.hash} alt="" />
                </UnstyledButton>
              </li>
            );
          })}
        </ul>
      )}
      <ImageBar
        images={images}
        clusteredBy={clusteredBy}
        onClear={onClear}
        choosing={choosing}
        onChoosing={onChoosing}
      />
    </section>
  );
}
