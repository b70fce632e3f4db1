import { ActionIcon } from '@mantine/core';
import { IconFocusCentered, IconMinus, IconPlus } from '@tabler/icons-react';
import {
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { ReadImage } from '../../../app/dashboard/embedding-map.ts';
import { type ImageAction, imageKeyWords, pressImageKey } from '../../components/image-actions.tsx';
import { Name } from '../../components/Name.tsx';
import { Thumbnail } from '../../components/Picture.tsx';
import { fileName } from '../../format.ts';
import { groupLabels } from './group-labels.ts';
import styles from './map.module.css';
import { splitNames } from './map-words.ts';
import type { Scene } from './paint.ts';
import type { Inks } from './stamps.ts';
import { useGestures } from './use-gestures.ts';
import { useMapThumbnails } from './use-map-thumbnails.ts';
import { useMapView, useMovingPositions } from './use-map-view.ts';
import {
  moved,
  nearestPoint,
  normalised,
  type Place,
  pointsInside,
  type Size,
  toCanvas,
  toMap,
  zoomed,
} from './view.ts';

/** Pixels from a pointer at which a point is meant; a finger is wider, but shows no tip before it presses. */
const REACH = 14;
const ZOOM_STEP = 1.5;
/** Share of the canvas that an arrow key moves it by: small, since the keyboard points with its middle. */
const PAN_STEP = 0.06;
const NOWHERE = new Float32Array(0);

interface MapCanvasProps {
  readonly label: string;
  readonly images: readonly ReadImage[];
  /** Where the points lie, in the units of the method. */
  readonly coordinates: Float32Array;
  /** Each point's group, and the groups that are named on the map. */
  readonly groups: readonly (string | null)[];
  readonly named: readonly string[];
  readonly scene: Omit<Scene, 'positions' | 'described'>;
  readonly inks: Inks;
  readonly lasso: boolean;
  readonly onSelect: (points: readonly number[], add: boolean) => void;
  readonly onEnlarge: (point: number) => void;
  /** What can be done with the image of a point, by the keys that do it everywhere. */
  readonly actionsOn: (point: number) => readonly ImageAction[];
}

/** The points, to be moved, enlarged, looked at and chosen by mouse, touch or keyboard. */
export function MapCanvas(props: MapCanvasProps) {
  const { label, images, coordinates, groups, named, scene, inks, lasso, onSelect, onEnlarge, actionsOn } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const below = useRef<HTMLCanvasElement>(null);
  const ratio = useFrameRatio(canvas);
  const positions = useMemo(
    () => (ratio === null ? NOWHERE : normalised(coordinates, { width: ratio, height: 1 })),
    [coordinates, ratio],
  );
  const help = useId();
  const [described, setDescribed] = useState<number | null>(null);
  const [tipAt, setTipAt] = useState<Place | null>(null);

  const repaintLater = useRef(() => {});
  const [repaint] = useState(() => () => repaintLater.current());
  const pictureOf = useMapThumbnails(images, repaint);
  const labels = useMemo(
    () => groupLabels(named, groups, positions, scene.shown),
    [named, groups, positions, scene.shown],
  );
  const painted = useMemo(
    () => ({ scene: { ...scene, described }, inks, positions, labels, pictureOf }),
    [scene, described, inks, positions, labels, pictureOf],
  );
  const latest = useRef(painted);
  const moving = useMovingPositions(positions, repaint);
  const map = useMapView(canvas, below, latest, moving);
  useEffect(() => {
    latest.current = painted;
    repaintLater.current = map.repaint;
    map.repaint();
  }, [painted, map.repaint]);

  const placeOf = (point: number): Place =>
    toCanvas(map.view(), map.size(), { x: positions[2 * point] ?? 0, y: positions[2 * point + 1] ?? 0 });
  const describe = (point: number | null): void => {
    setDescribed(point);
    setTipAt(point === null ? null : placeOf(point));
  };
  const pointAt = (at: Place, within: number): number | null =>
    nearestPoint(positions, scene.shown, map.view(), map.size(), at, within);
  const middle = (): Place => ({ x: map.size().width / 2, y: map.size().height / 2 });
  const zoom = (factor: number, at = middle()): void => map.setView(zoomed(map.view(), map.size(), factor, at));
  /** To what is nearest to the middle: where there is nothing at the middle itself, all would be out of sight. */
  const zoomIn = (): void => {
    const nearest = pointAt(middle(), Number.POSITIVE_INFINITY);
    zoom(ZOOM_STEP, nearest === null ? middle() : placeOf(nearest));
  };

  useGestures(canvas, {
    lasso,
    onMove: (right, down) => map.setView(moved(map.view(), right, down)),
    onZoom: (factor, at) => {
      describe(null);
      zoom(factor, at);
    },
    onOutline: map.setOutline,
    onLasso: (outline, add) => {
      const onMap = outline.map((at) => toMap(map.view(), map.size(), at));
      onSelect(pointsInside(onMap, positions, scene.shown), add);
    },
    onPress: (at, add) => {
      const point = pointAt(at, REACH);
      describe(point);
      onSelect(point === null ? [] : [point], add);
    },
    onHover: (at) => {
      map.setCross(false);
      const point = at && pointAt(at, REACH);
      if (point !== described) describe(point);
    },
  });

  const pointWithMiddle = (): void => {
    map.setCross(true);
    describe(pointAt(middle(), Number.POSITIVE_INFINITY));
  };
  // What was described may have moved, or be shown no more; with the keyboard on the map, what is nearest to the middle now is described.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs for what it does not read: another layout or choice of points makes what was described wrong.
  useEffect(() => {
    if (canvas.current?.matches(':focus-visible')) pointWithMiddle();
    else describe(null);
  }, [positions, scene.shown]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { width, height } = map.size();
    const pan = (right: number, down: number) => () =>
      map.setView(moved(map.view(), -right * width * PAN_STEP, -down * height * PAN_STEP));
    const moves: Readonly<Record<string, () => void>> = {
      ArrowLeft: pan(-1, 0),
      ArrowRight: pan(1, 0),
      ArrowUp: pan(0, -1),
      ArrowDown: pan(0, 1),
      '+': zoomIn,
      '=': zoomIn,
      '-': () => zoom(1 / ZOOM_STEP),
      '0': () => map.setView(null),
    };
    if (described !== null && pressImageKey(actionsOn(described), event)) return;
    if (described !== null && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault();
      if (event.key === 'Enter') onEnlarge(described);
      else onSelect([described], true);
      return;
    }
    if (event.key === 'Escape') {
      map.setCross(false);
      describe(null);
    }
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
    pointWithMiddle();
  };
  const onDoubleClick = (event: MouseEvent<HTMLCanvasElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const point = pointAt({ x: event.clientX - box.left, y: event.clientY - box.top }, REACH);
    if (point !== null) onEnlarge(point);
  };

  const image = described === null ? undefined : images[described];
  return (
    <div className={styles.frame}>
      <canvas ref={below} className={styles.points} />
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: arrow, zoom and Escape keys act on the drawing, which is what the role says; its points are described in words. */}
      <canvas
        ref={canvas}
        className={styles.canvas}
        data-lasso={lasso || undefined}
        role="application"
        aria-label={label}
        aria-describedby={help}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onDoubleClick={onDoubleClick}
        onFocus={(event) => {
          if (event.currentTarget.matches(':focus-visible')) pointWithMiddle();
        }}
        onBlur={() => {
          map.setCross(false);
          describe(null);
        }}
      />
      <p id={help} hidden>
        Arrow keys move the map, plus and minus zoom, 0 shows all points. The point nearest to the middle is described:{' '}
        {imageKeyWords(true)}.
      </p>
      <div className={styles.zoom}>
        <ActionIcon variant="default" aria-label="Zoom in" onClick={zoomIn}>
          <IconPlus size={16} aria-hidden="true" />
        </ActionIcon>
        <ActionIcon variant="default" aria-label="Zoom out" onClick={() => zoom(1 / ZOOM_STEP)}>
          <IconMinus size={16} aria-hidden="true" />
        </ActionIcon>
        <ActionIcon variant="default" aria-label="Show all points" onClick={() => map.setView(null)}>
          <IconFocusCentered size={16} aria-hidden="true" />
        </ActionIcon>
      </div>
      {image && tipAt ? <PointTip image={image} at={tipAt} size={map.size()} /> : null}
    </div>
  );
}

/** A window that is dragged a little larger moves no point. */
const STEP = 0.25;

/** Width to height of an element in steps of a quarter, from its first frame on; null until it has been measured. */
function useFrameRatio(element: RefObject<HTMLElement | null>): number | null {
  const [ratio, setRatio] = useState<number | null>(null);
  useLayoutEffect(() => {
    const frame = element.current;
    if (frame === null) return;
    const measure = (): void => {
      const { clientWidth: width, clientHeight: height } = frame;
      if (height > 0) setRatio(Math.max(1, Math.round(width / height / STEP)) * STEP);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(frame);
    return () => observer.disconnect();
  }, [element]);
  return ratio;
}

const WIDTH = 220;
const HEIGHT = 92;
const AWAY = 14;

interface PointTipProps {
  readonly image: ReadImage;
  /** The point's place on the canvas. */
  readonly at: Place;
  /** The canvas's size: the tip stays within it. */
  readonly size: Size;
}

/** What a point is: its picture, class, split and file. Read out where the focus is on the map. */
function PointTip({ image, at, size }: PointTipProps) {
  const left = at.x + AWAY + WIDTH > size.width ? at.x - AWAY - WIDTH : at.x + AWAY;
  const top = Math.min(size.height - HEIGHT - 4, Math.max(4, at.y - HEIGHT / 2));
  return (
    <div
      className={styles.tip}
      style={{ left: Math.max(4, Math.min(left, size.width - WIDTH - 4)), top, width: WIDTH, height: HEIGHT }}
      role="status"
    >
      <span className={styles.picture}>
        <Thumbnail hash={image.hash} alt="" />
      </span>
      <span className={styles.words}>
        <strong>{image.className === null ? 'Class unknown' : <Name>{image.className}</Name>}</strong>
        <span className={styles.quiet}>{splitNames[image.split]}</span>
        <Name className={styles.quiet}>{fileName(image.file)}</Name>
      </span>
    </div>
  );
}
