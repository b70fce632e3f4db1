import { type RefObject, useEffect, useRef } from 'react';
import type { Place } from './view.ts';

/** How a mouse or a finger moves the map; places are CSS pixels of the canvas. */
export interface Gestures {
  readonly onMove: (right: number, down: number) => void;
  readonly onZoom: (factor: number, at: Place) => void;
  /** The outline so far; null once it has ended. */
  readonly onOutline: (outline: readonly Place[] | null) => void;
  readonly onLasso: (outline: readonly Place[], add: boolean) => void;
  /** A press without a drag. */
  readonly onPress: (at: Place, add: boolean) => void;
  /** A pointer that presses nothing; null where it has left. */
  readonly onHover: (at: Place | null) => void;
  /** Whether a drag draws an outline; with Shift it always does. */
  readonly lasso: boolean;
}

/** Pixels until a press is a drag. */
const DRAG_FROM = 4;
/** Zoom of one notch of a wheel (100 pixels): a fifth. */
const WHEEL_FACTOR = 1.2;
const PIXELS_A_NOTCH = 100;
const PIXELS_A_LINE = 33;

export function useGestures(canvas: RefObject<HTMLCanvasElement | null>, gestures: Gestures): void {
  const latest = useRef(gestures);
  useEffect(() => {
    latest.current = gestures;
  });

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const pressed = new Map<number, Place>();
    let start: Place | null = null;
    let dragged = false;
    let outline: Place[] | null = null;
    const placeOf = (event: MouseEvent): Place => {
      const box = element.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    const end = () => {
      if (outline) latest.current.onOutline(null);
      outline = null;
      start = null;
      dragged = false;
    };
    const onDown = (event: PointerEvent) => {
      if (event.button !== 0) return;
      pressed.set(event.pointerId, placeOf(event));
      // Synthetic events of tests have no pointer to capture.
      if (event.isTrusted) element.setPointerCapture(event.pointerId);
      if (pressed.size > 1) return end();
      start = placeOf(event);
      if (latest.current.lasso || event.shiftKey) outline = [start];
    };
    const onMove = (event: PointerEvent) => {
      const at = placeOf(event);
      const before = pressed.get(event.pointerId);
      if (!before) return latest.current.onHover(at);
      pressed.set(event.pointerId, at);
      const other = [...pressed].find(([id]) => id !== event.pointerId)?.[1];
      if (other) return pinch(before, at, other);
      if (!start) return;
      dragged ||= Math.hypot(at.x - start.x, at.y - start.y) > DRAG_FROM;
      if (!dragged) return;
      latest.current.onHover(null);
      if (outline) {
        outline.push(at);
        latest.current.onOutline([...outline]);
      } else latest.current.onMove(at.x - before.x, at.y - before.y);
    };
    const pinch = (before: Place, at: Place, other: Place) => {
      const apart = (place: Place) => Math.max(1, Math.hypot(place.x - other.x, place.y - other.y));
      const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
      latest.current.onZoom(apart(at) / apart(before), middle);
      latest.current.onMove((at.x - before.x) / 2, (at.y - before.y) / 2);
    };
    const onUp = (event: PointerEvent) => {
      if (!pressed.delete(event.pointerId) || !start) return;
      const add = event.shiftKey || event.ctrlKey || event.metaKey;
      if (!dragged) latest.current.onPress(placeOf(event), add);
      else if (outline && outline.length > 2) latest.current.onLasso(outline, add);
      end();
    };
    const onCancel = (event: PointerEvent) => {
      pressed.delete(event.pointerId);
      end();
    };
    const onLeave = () => latest.current.onHover(null);
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * PIXELS_A_LINE : event.deltaY;
      // A pinch on a touchpad comes as a wheel with Ctrl, in small steps.
      const notches = (pixels / PIXELS_A_NOTCH) * (event.ctrlKey ? 4 : 1);
      latest.current.onZoom(WHEEL_FACTOR ** -Math.max(-3, Math.min(3, notches)), placeOf(event));
    };
    element.addEventListener('pointerdown', onDown);
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerup', onUp);
    element.addEventListener('pointercancel', onCancel);
    element.addEventListener('pointerleave', onLeave);
    // React listens to wheels passively, and the page would scroll.
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      element.removeEventListener('pointerdown', onDown);
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerup', onUp);
      element.removeEventListener('pointercancel', onCancel);
      element.removeEventListener('pointerleave', onLeave);
      element.removeEventListener('wheel', onWheel);
    };
  }, [canvas]);
}
