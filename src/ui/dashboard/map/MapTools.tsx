import { Button, Checkbox, SegmentedControl, VisuallyHidden } from '@mantine/core';
import { IconPhotoDown, IconRefresh } from '@tabler/icons-react';
import type { Split } from '../../../types.ts';
import { formatCount } from '../../format.ts';
import styles from './EmbeddingMap.module.css';
import { splitNames } from './map-words.ts';
import { SHAPED_SPLITS } from './stamps.ts';

export type Shown = 'map' | 'table';
export type Drag = 'move' | 'lasso';

interface MapToolsProps {
  readonly shown: Shown;
  readonly onShow: (shown: Shown) => void;
  readonly drag: Drag;
  readonly onDrag: (drag: Drag) => void;
  readonly counts: ReadonlyMap<Split, number>;
  readonly hidden: readonly Split[];
  readonly onToggleSplit: (split: Split) => void;
  /** Null while the map is being drawn. */
  readonly onAnotherSeed: (() => void) | null;
  readonly onSavePicture: () => void;
}

export function MapTools(props: MapToolsProps) {
  const { shown, onShow, drag, onDrag, counts, hidden, onToggleSplit, onAnotherSeed, onSavePicture } = props;
  return (
    <div className={styles.tools}>
      <SegmentedControl
        size="xs"
        aria-label="Show the points as"
        data={[
          { value: 'map', label: 'Map' },
          { value: 'table', label: 'Table' },
        ]}
        value={shown}
        onChange={onShow}
      />
      {shown === 'table' ? null : (
        <>
          <SegmentedControl
            size="xs"
            aria-label="Dragging on the map"
            data={[
              { value: 'move', label: 'Move' },
              { value: 'lasso', label: 'Lasso' },
            ]}
            value={drag}
            onChange={onDrag}
          />
          <fieldset className={styles.splits}>
            <VisuallyHidden component="legend">Splits shown</VisuallyHidden>
            {SHAPED_SPLITS.filter((split) => counts.has(split)).map((split) => (
              <Checkbox
                key={split}
                size="xs"
                checked={!hidden.includes(split)}
                onChange={() => onToggleSplit(split)}
                label={
                  <span className={styles.split}>
                    <Shape split={split} />
                    {splitNames[split]} <span className={styles.note}>{formatCount(counts.get(split) ?? 0)}</span>
                  </span>
                }
              />
            ))}
          </fieldset>
          <div className={styles.buttons}>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconRefresh size={16} aria-hidden="true" />}
              disabled={onAnotherSeed === null}
              onClick={() => onAnotherSeed?.()}
            >
              Another seed
            </Button>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPhotoDown size={16} aria-hidden="true" />}
              onClick={onSavePicture}
            >
              Save PNG
            </Button>
          </div>
        </>
      )}
    </div>
  );
}

/** As traceShape paints it. */
function Shape({ split }: { readonly split: Split }) {
  return (
    <svg width="12" height="12" viewBox="-6 -6 12 12" fill="currentColor" aria-hidden="true">
      {split === 'training' ? (
        <circle r="3.4" />
      ) : split === 'gallery' ? (
        <rect x="-3.2" y="-3.2" width="6.4" height="6.4" />
      ) : (
        <path d="M0-4.8 4.6 3.4H-4.6z" />
      )}
    </svg>
  );
}
