import { useReducedMotion } from '@mantine/hooks';
import { IconMap2 } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import type { MapLayout, ReadImage } from '../../../app/dashboard/embedding-map.ts';
import type { Split } from '../../../types.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { type ImageAction, ImageKeys } from '../../components/image-actions.tsx';
import { DecisionBar } from '../../data/DecisionBar.tsx';
import { EnlargedImage } from '../../data/EnlargedImage.tsx';
import { useChoosing } from '../../data/ImageBar.tsx';
import { useEnlargedDecisions, useImageActions } from '../../data/image-decisions.tsx';
import { formatAmount } from '../../format.ts';
import { useStore } from '../../use-store.ts';
import { useActions, useWorkspace } from '../../workspace.tsx';
import { ClassList } from './ClassList.tsx';
import { ClusterTools } from './ClusterTools.tsx';
import { useInks } from './class-colours.ts';
import { MapCanvas } from './MapCanvas.tsx';
import { MapTable } from './MapTable.tsx';
import { type Drag, MapStatus, MapTools, type Shown } from './MapTools.tsx';
import styles from './map.module.css';
import { groupNames, mapLine, spaceLine } from './map-words.ts';
import { mapPicture } from './picture.ts';
import { Selection } from './Selection.tsx';
import { useScene } from './use-scene.ts';

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
  const actionsOnImage = useImageActions();
  const decisions = useEnlargedDecisions();
  const map = useStore(useWorkspace().map);
  const { images, status, dimensions } = map;
  const layout = useSteadyLayout(map.layout, status === 'drawing');
  const coordinates = layout?.coordinates ?? NOWHERE;
  const found = map.clusters?.runId === runId ? map.clusters : null;
  const clusters = found?.of ?? null;
  const groups = useMemo(() => groupNames(images, clusters), [images, clusters]);
  const inks = useInks();
  const [shown, setShown] = useState<Shown>('map');
  const [drag, setDrag] = useState<Drag>('move');
  const { scene, classes, slots, named, hidden, selectedImages, ...choose } = useScene(images, groups, clusters);
  const [choosing, setChoosing] = useChoosing();
  /** The image that is shown large, and whether the arrow keys then go through the selection alone. */
  const [enlarged, setEnlarged] = useState<{ readonly path: string; readonly selected: boolean } | null>(null);
  const counts = useMemo(() => {
    const perSplit = new Map<Split, number>();
    for (const { split } of images) perSplit.set(split, (perSplit.get(split) ?? 0) + 1);
    return perSplit;
  }, [images]);

  // Until the first layout of other images there is nothing to draw them at.
  const ready = map.runId === runId && layout !== null && layout.coordinates.length === 2 * images.length;
  const savePicture = (): void => {
    const parts = { title: `Map of ${label}`, note: mapLine({ ...map, layout }), slots };
    void mapPicture({ ...parts, coordinates, scene }).then(saveMapPicture);
  };
  /** As on the data wall: of what is selected, else of the image itself. */
  const actionsOn = (image: ReadImage): readonly ImageAction[] => {
    const paths = selectedImages.length > 0 ? selectedImages.map(({ path }) => path) : [image.path];
    return actionsOnImage(image, {
      paths,
      runId,
      onChoose: () => {
        choose.selectPaths(paths);
        setChoosing(true);
      },
      onMoved: () => choose.select([], false),
    });
  };
  const note = (
    <p className={styles.note}>
      {mapLine({ ...map, layout })} {spaceLine(dimensions)}
      {learned
        ? ' The head has learned from the training images, which therefore look better separated than new images would be.'
        : ''}{' '}
      {shown === 'map' ? <ImageKeys move="arrows" selectable /> : null}
    </p>
  );
  return (
    <section className={styles.view} aria-label="Map">
      <DecisionBar />
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
                  coordinates={coordinates}
                  groups={groups}
                  named={named}
                  scene={scene}
                  inks={inks}
                  lasso={drag === 'lasso'}
                  onSelect={choose.select}
                  onEnlarge={(point) => {
                    const path = images[point]?.path;
                    if (path !== undefined) setEnlarged({ path, selected: false });
                  }}
                  actionsOn={(point) => (images[point] ? actionsOn(images[point]) : [])}
                />
                {/* At the bottom, since it comes and goes without a press, and nothing should jump. */}
                <MapStatus map={map} />
                {note}
              </div>
              <aside className={styles.side} aria-label="Classes and selection">
                <ClusterTools images={images.length} shown={found?.count ?? null} />
                <ClassList
                  of={clusters === null ? 'classes' : 'clusters'}
                  classes={classes}
                  slots={slots}
                  colours={inks.colours}
                  onToggle={choose.toggleClass}
                  onSelect={choose.selectClass}
                  onEmphasise={choose.emphasise}
                  onName={(cluster) => {
                    choose.selectClass(cluster);
                    setChoosing(true);
                  }}
                />
                <Selection
                  images={selectedImages}
                  // A single image has been looked at; of a group the model has said what belongs together.
                  clusteredBy={clusters !== null && selectedImages.length > 1 ? label : null}
                  onClear={() => choose.select([], false)}
                  onEnlarge={(path) => setEnlarged({ path, selected: true })}
                  actionsOn={actionsOn}
                  choosing={choosing}
                  onChoosing={setChoosing}
                />
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
      <EnlargedImage
        images={enlarged?.selected ? selectedImages : images}
        path={enlarged?.path ?? null}
        onMove={(path) =>
          setEnlarged((before) => (path === null ? null : { selected: before?.selected === true, path }))
        }
        decisions={decisions}
        runId={runId}
      />
    </section>
  );
}

/** The layout to show: each one as it comes, but with reduced motion only those that stay. */
function useSteadyLayout(layout: MapLayout | null, drawing: boolean): MapLayout | null {
  const still = useReducedMotion();
  const [held, setHeld] = useState(layout);
  const passing = still && drawing && layout?.method === 'umap' && !layout.settled;
  if (!passing && held !== layout) {
    setHeld(layout);
    return layout;
  }
  return held;
}
