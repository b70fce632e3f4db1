import { IconMap2 } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import type { Split } from '../../../types.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { formatAmount } from '../../format.ts';
import { useStore } from '../../use-store.ts';
import { useActions, useWorkspace } from '../../workspace.tsx';
import { ClassList } from './ClassList.tsx';
import styles from './EmbeddingMap.module.css';
import { MapCanvas } from './MapCanvas.tsx';
import { MapStatus } from './MapStatus.tsx';
import { MapTable } from './MapTable.tsx';
import { type Drag, MapTools, type Shown } from './MapTools.tsx';
import { mapLine, spaceLine } from './map-words.ts';
import { mapPicture } from './picture.ts';
import { Selection } from './Selection.tsx';
import { useInks } from './use-inks.ts';
import { useScene } from './use-scene.ts';
import { useSteadyLayout } from './use-steady-layout.ts';
import { normalised } from './view.ts';

const NOWHERE = new Float32Array(0);

/** The embeddings of the run shown, in two dimensions. */
export default function EmbeddingMap() {
  const { showMap } = useActions();
  const runs = useStore(useWorkspace().comparison, ({ runs: all }) => all);
  const runId = useStore(useWorkspace().dashboard, ({ a }) => a);
  const run = runs.find(({ id }) => id === runId);
  // biome-ignore lint/correctness/useExhaustiveDependencies: showMap reads runs and labels from their stores: it has to look again when runs change.
  useEffect(() => {
    if (runId !== null) void showMap(runId);
  }, [runId, runs]);
  if (!run) {
    return (
      <EmptyState icon={<IconMap2 size={32} stroke={1.4} aria-hidden="true" />} title="No run to map yet">
        Compare at least one model: the map then shows where it puts the images of the data set.
      </EmptyState>
    );
  }
  return <RunMap label={run.label} runId={run.id} learned={run.result.head === 'finetuned'} />;
}

interface RunMapProps {
  readonly label: string;
  readonly runId: string;
  /** Its head was trained on the training images. */
  readonly learned: boolean;
}

function RunMap({ label, runId, learned }: RunMapProps) {
  const { redrawMap, saveMapPicture } = useActions();
  const map = useStore(useWorkspace().map);
  const { images, status, dimensions } = map;
  const layout = useSteadyLayout(map.layout, status === 'drawing');
  const positions = useMemo(() => (layout ? normalised(layout.coordinates) : NOWHERE), [layout]);
  const inks = useInks();
  const [shown, setShown] = useState<Shown>('map');
  const [drag, setDrag] = useState<Drag>('move');
  const { scene, classes, slots, hidden, selectedImages, ...choose } = useScene(images);
  const counts = useMemo(() => {
    const perSplit = new Map<Split, number>();
    for (const { split } of images) perSplit.set(split, (perSplit.get(split) ?? 0) + 1);
    return perSplit;
  }, [images]);

  // Until the first layout of other images there is nothing to draw them at.
  const ready = map.runId === runId && layout !== null && layout.coordinates.length === 2 * images.length;
  const savePicture = (): void => {
    const parts = { title: `Map of ${label}`, note: mapLine({ ...map, layout }), slots };
    void mapPicture({ ...parts, scene: { ...scene, positions, described: null } }).then(saveMapPicture);
  };
  const note = (
    <p className={styles.note}>
      {mapLine({ ...map, layout })} {spaceLine(dimensions)}
      {learned
        ? ' The head has learned from the training images, which therefore look better separated than new images would be.'
        : ''}
    </p>
  );
  return (
    <section className={styles.view} aria-label="Map">
      {ready ? (
        <>
          <MapTools
            shown={shown}
            onShow={setShown}
            drag={drag}
            onDrag={setDrag}
            counts={counts}
            hidden={hidden}
            onToggleSplit={choose.toggleSplit}
            onAnotherSeed={status === 'drawing' ? null : () => void redrawMap('next-seed')}
            onSavePicture={savePicture}
          />
          {shown === 'table' ? (
            <>
              <MapTable images={images} layout={layout} />
              <MapStatus map={map} />
              {note}
            </>
          ) : (
            <div className={styles.body}>
              <div className={styles.map}>
                <MapCanvas
                  label={`Map of ${formatAmount(images.length, 'image')}, ${label}`}
                  images={images}
                  positions={positions}
                  scene={scene}
                  inks={inks}
                  lasso={drag === 'lasso'}
                  onSelect={choose.select}
                />
                {/* Below: it comes and goes by itself, and nothing shall jump. */}
                <MapStatus map={map} />
                {note}
              </div>
              <aside className={styles.side} aria-label="Classes and selection">
                <ClassList
                  classes={classes}
                  slots={slots}
                  colours={inks.colours}
                  onToggle={choose.toggleClass}
                  onSelect={choose.selectClass}
                  onEmphasise={choose.emphasise}
                />
                <Selection images={selectedImages} runId={runId} onClear={() => choose.select([], false)} />
              </aside>
            </div>
          )}
        </>
      ) : (
        <>
          {status === 'failed' ? null : <div className={styles.skeleton} aria-hidden="true" />}
          <MapStatus map={map} />
        </>
      )}
    </section>
  );
}
