import { type RefObject, useCallback, useEffect, useRef } from 'react';
import { paint, paintCross, paintOutline, type Scene } from './paint.ts';
import { type Inks, makeStamps, type Stamps } from './stamps.ts';
import { fitted, type Place, type Size, type View } from './view.ts';

/** A canvas on which a scene is painted once a frame at most, outside of React: a drag changes the view 60 times a second. */
export interface MapView {
  readonly view: () => View;
  readonly size: () => Size;
  /** Null shows all points, whatever becomes of them. */
  readonly setView: (view: View | null) => void;
  readonly setOutline: (outline: readonly Place[] | null) => void;
  readonly setCross: (shown: boolean) => void;
  readonly repaint: () => void;
}

interface Painted {
  readonly scene: Omit<Scene, 'positions'>;
  readonly inks: Inks;
  /** Where the points are on their way to. */
  readonly positions: Float32Array;
}

export function useMapView(
  canvas: RefObject<HTMLCanvasElement | null>,
  latest: RefObject<Painted>,
  moving: RefObject<Float32Array>,
): MapView {
  const state = useRef({
    view: null as View | null,
    outline: null as readonly Place[] | null,
    cross: false,
    frame: 0,
    stamps: null as { readonly inks: Inks; readonly stamps: Stamps } | null,
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
    const context = element?.getContext('2d', { alpha: false });
    const { width, height } = size();
    if (!element || !context || width === 0 || height === 0) return;
    const density = Math.max(1, devicePixelRatio);
    if (element.width !== Math.round(width * density)) element.width = Math.round(width * density);
    if (element.height !== Math.round(height * density)) element.height = Math.round(height * density);
    const { scene, inks } = latest.current;
    if (held.stamps?.inks !== inks || held.stamps.stamps.density !== density) {
      held.stamps = { inks, stamps: makeStamps(inks, density) };
    }
    const whole = { ...scene, positions: moving.current };
    paint(context, whole, view(), { width, height }, held.stamps.stamps, inks);
    if (held.outline) paintOutline(context, held.outline, inks.ink);
    if (held.cross) paintCross(context, { width, height }, inks.ink);
  }, [canvas, latest, moving, size, view]);

  const repaint = useCallback(() => {
    if (state.current.frame === 0) state.current.frame = requestAnimationFrame(paintNow);
  }, [paintNow]);

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
