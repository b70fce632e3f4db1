import { useReducedMotion } from '@mantine/hooks';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import type { GroupLabel } from './group-labels.ts';
import {
  paint,
  paintCross,
  paintLabels,
  paintOutline,
  paintRings,
  paintThumbnails,
  pointSize,
  type Scene,
} from './paint.ts';
import { type PointPainter, pointPainter } from './points-gl.ts';
import { type Inks, makeStamps, type Stamps } from './stamps.ts';
import { thumbnailsInSight } from './thumbnails.ts';
import { fitted, type Place, type Size, type View } from './view.ts';

/**
 * Two canvases on which a scene is painted once a frame at most, outside of React: a drag changes the view 60 times a second.
 * Below, a graphics card draws the points; above it lie pictures, names and rings. Without a card, all of it is painted above.
 */
export interface MapView {
  readonly view: () => View;
  readonly size: () => Size;
  /** Null shows all points, also when they change. */
  readonly setView: (view: View | null) => void;
  readonly setOutline: (outline: readonly Place[] | null) => void;
  readonly setCross: (shown: boolean) => void;
  readonly repaint: () => void;
}

const NONE = new Uint32Array(0);

interface Painted {
  readonly scene: Omit<Scene, 'positions'>;
  readonly inks: Inks;
  /** Where the points are on their way to. */
  readonly positions: Float32Array;
  readonly labels: readonly GroupLabel[];
  /** Null where it is not there yet: it is then read, and painted later. */
  readonly pictureOf: (point: number) => ImageBitmap | null;
}

export function useMapView(
  canvas: RefObject<HTMLCanvasElement | null>,
  below: RefObject<HTMLCanvasElement | null>,
  latest: RefObject<Painted>,
  moving: RefObject<Float32Array>,
): MapView {
  const state = useRef({
    view: null as View | null,
    outline: null as readonly Place[] | null,
    cross: false,
    frame: 0,
    stamps: null as { readonly inks: Inks; readonly size: number; readonly stamps: Stamps } | null,
    card: null as PointPainter | null,
  });

  const size = useCallback(
    (): Size => ({ width: canvas.current?.clientWidth ?? 0, height: canvas.current?.clientHeight ?? 0 }),
    [canvas],
  );
  const view = useCallback((): View => state.current.view ?? fitted(moving.current, size()), [moving, size]);

  const paintNow = useCallback(() => {
    const held = state.current;
    held.frame = 0;
    const element = canvas.current;
    const context = element?.getContext('2d');
    const { width, height } = size();
    if (!element || !context || width === 0 || height === 0) return;
    const density = Math.max(1, devicePixelRatio);
    for (const each of [element, below.current]) {
      if (each && each.width !== Math.round(width * density)) each.width = Math.round(width * density);
      if (each && each.height !== Math.round(height * density)) each.height = Math.round(height * density);
    }
    const { scene, inks, labels, pictureOf } = latest.current;
    const seen = { width, height };
    const here = view();
    const { current: positions } = moving;
    const whole = { ...scene, positions, shown: positions.length === 0 ? NONE : scene.shown };
    if (held.card?.alive()) {
      held.card.paint(whole, here, seen, density, inks);
      context.setTransform(density, 0, 0, density, 0, 0);
      context.clearRect(0, 0, width, height);
      paintRings(context, whole, here, seen, inks);
    } else {
      const points = pointSize(whole.shown.length);
      if (held.stamps?.inks !== inks || held.stamps.stamps.density !== density || held.stamps.size !== points) {
        held.stamps = { inks, size: points, stamps: makeStamps(inks, density, points) };
      }
      paint(context, whole, here, seen, held.stamps.stamps, inks);
    }
    const thumbnails = thumbnailsInSight(positions, whole.shown, here, seen);
    if (thumbnails) paintThumbnails(context, whole, here, seen, inks, thumbnails, pictureOf);
    if (positions.length > 0) paintLabels(context, labels, whole, here, seen, inks, thumbnails);
    if (held.outline) paintOutline(context, held.outline, inks.ink);
    if (held.cross) paintCross(context, seen, inks.ink);
  }, [canvas, below, latest, moving, size, view]);

  const repaint = useCallback(() => {
    if (state.current.frame === 0) state.current.frame = requestAnimationFrame(paintNow);
  }, [paintNow]);

  useEffect(() => {
    const held = state.current;
    if (below.current) held.card = pointPainter(below.current);
    repaint();
    return () => {
      held.card?.close();
      held.card = null;
    };
  }, [below, repaint]);

  useEffect(() => {
    if (canvas.current === null) return;
    const observer = new ResizeObserver(repaint);
    observer.observe(canvas.current);
    return () => {
      observer.disconnect();
      cancelAnimationFrame(state.current.frame);
      state.current.frame = 0;
    };
  }, [canvas, repaint]);

  const change = useCallback(
    (part: Partial<typeof state.current>) => {
      Object.assign(state.current, part);
      repaint();
    },
    [repaint],
  );
  return {
    view,
    size,
    repaint,
    setView: useCallback((next) => change({ view: next }), [change]),
    setOutline: useCallback((outline) => change({ outline }), [change]),
    setCross: useCallback((cross) => change({ cross }), [change]),
  };
}

/** About the time until the next layout of a map in the making. */
const MOTION_MS = 220;

/**
 * Where the points are painted: on their way from where they were to `positions`, or there at once with reduced motion.
 * `repaint` is called for each step.
 */
export function useMovingPositions(positions: Float32Array, repaint: () => void): RefObject<Float32Array> {
  const shown = useRef(positions);
  const still = useReducedMotion();
  // At once: what a pointer meets is measured by it.
  useLayoutEffect(() => {
    const from = shown.current;
    if (still || from.length !== positions.length || from === positions) {
      shown.current = positions;
      repaint();
      return;
    }
    const startedAt = performance.now();
    const between = new Float32Array(positions.length);
    let frame = requestAnimationFrame(function move(now) {
      const share = Math.min(1, Math.max(0, (now - startedAt) / MOTION_MS));
      for (let i = 0; i < between.length; i++)
        between[i] = (from[i] ?? 0) + share * ((positions[i] ?? 0) - (from[i] ?? 0));
      shown.current = share < 1 ? between : positions;
      repaint();
      if (share < 1) frame = requestAnimationFrame(move);
    });
    return () => {
      cancelAnimationFrame(frame);
      // What comes next starts from here, and must not be overwritten meanwhile.
      shown.current = shown.current.slice();
    };
  }, [positions, repaint, still]);
  return shown;
}
