import { Button } from '@mantine/core';
import { IconPlayerPause } from '@tabler/icons-react';
import type { EmbeddingMapState } from '../../../app/dashboard/embedding-map.ts';
import { Notice } from '../../components/Notice.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { wholePercent } from '../../format.ts';
import { useActions } from '../../workspace.tsx';
import styles from './EmbeddingMap.module.css';
import { progressLine } from './map-words.ts';

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
