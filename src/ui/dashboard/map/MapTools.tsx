import { Button, Checkbox, SegmentedControl, VisuallyHidden } from '@mantine/core';
import { IconPhotoDown, IconPlayerPause, IconRefresh } from '@tabler/icons-react';
import type { EmbeddingMapState } from '../../../app/dashboard/embedding-map.ts';
import type { Split } from '../../../types.ts';
import { Notice } from '../../components/Notice.tsx';
import { ProgressBar } from '../../components/Progress.tsx';
import { formatCount, wholePercent } from '../../format.ts';
import { useActions } from '../../workspace.tsx';
import styles from './map.module.css';
import { progressLine, splitNames } from './map-words.ts';
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

/** How far a map in the making is, with a way to stop; what was stopped, with a way to go on. */
export function MapStatus({ map }: { readonly map: EmbeddingMapState }) {
  const { cancelMap, redrawMap } = useActions();
  const { status, progress, layout } = map;
  if (status === 'drawing') {
    const percent = progress === null || progress.total === 0 ? null : wholePercent(progress.done / progress.total);
    return (
      <div className={styles.progress}>
        <div className={styles.progressLine}>
          <span>{progressLine(map)}</span>
          <Button size="compact-sm" variant="default" onClick={() => cancelMap()}>
            Cancel
          </Button>
        </div>
        <ProgressBar label="Drawing the map" percent={percent} />
      </div>
    );
  }
  if (status !== 'cancelled' && (status !== 'failed' || layout === null)) return null;
  return (
    <Notice
      tone="quiet"
      role="status"
      icon={<IconPlayerPause size={20} aria-hidden="true" />}
      action={
        <Button size="xs" variant="default" onClick={() => void redrawMap('same-seed')}>
          Draw the map
        </Button>
      }
    >
      The map is not finished.{' '}
      {layout?.method === 'umap'
        ? 'The points are where UMAP had moved them.'
        : 'The first two principal components are shown: they keep large distances, not neighbourhoods.'}
    </Notice>
  );
}
