import { type CSSProperties, type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { CropFrame } from '../../../types.ts';
import styles from '../query.module.css';
import { afterKey, type Edges, frameWords, isWhole, movedBy, resizedBy, WHOLE } from './frame.ts';

/** The frame rests so long before it is searched with. */
const REST_MS = 250;

const handles: readonly (readonly [name: string, edges: Edges])[] = [
  ['top', { top: true }],
  ['right', { right: true }],
  ['bottom', { bottom: true }],
  ['left', { left: true }],
  ['topLeft', { top: true, left: true }],
  ['topRight', { top: true, right: true }],
  ['bottomRight', { bottom: true, right: true }],
  ['bottomLeft', { bottom: true, left: true }],
];

export const percentBox = ({ x, y, width, height }: CropFrame): CSSProperties => ({
  left: `${x * 100}%`,
  top: `${y * 100}%`,
  width: `${width * 100}%`,
  height: `${height * 100}%`,
});

/** The frame while it is being drawn, else the one searched with; what is drawn is handed on once it rests. */
export function useDrawnFrame(crop: CropFrame | null, onCrop: (crop: CropFrame | null) => void) {
  const [draft, setDraft] = useState<CropFrame | null>(null);
  useEffect(() => {
    if (draft === null) return;
    const timer = setTimeout(() => {
      setDraft(null);
      onCrop(isWhole(draft) ? null : draft);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [draft, onCrop]);
  return [draft ?? crop ?? WHOLE, setDraft] as const;
}

interface CropControlProps {
  readonly frame: CropFrame;
  readonly onDraw: (frame: CropFrame) => void;
  /** Escape, where there is nothing to take back. */
  readonly onLeave: () => void;
  readonly control: RefObject<HTMLDivElement | null>;
}

/** The frame itself: dragged by its corners, edges and inside, or moved by keys. Its parent is the picture. */
export function CropControl({ frame, onDraw, onLeave, control }: CropControlProps) {
  const dragged = useRef<{ readonly from: CropFrame; readonly edges: Edges | null; x: number; y: number } | null>(null);
  const whole = isWhole(frame);

  const begin = (event: PointerEvent, edges: Edges | null): void => {
    // A whole image has nowhere to go: a finger there scrolls the page.
    if (event.button !== 0 || (edges === null && whole)) return;
    event.stopPropagation();
    control.current?.setPointerCapture(event.pointerId);
    control.current?.focus({ preventScroll: true });
    dragged.current = { from: frame, edges, x: event.clientX, y: event.clientY };
  };
  const drag = ({ clientX, clientY }: PointerEvent): void => {
    const picture = control.current?.parentElement?.getBoundingClientRect();
    if (dragged.current === null || picture === undefined || picture.width === 0 || picture.height === 0) return;
    const { from, edges, x, y } = dragged.current;
    const by = [(clientX - x) / picture.width, (clientY - y) / picture.height] as const;
    onDraw(edges === null ? movedBy(from, ...by) : resizedBy(from, edges, ...by));
  };
  const end = (): void => {
    dragged.current = null;
  };

  return (
    <div
      ref={control}
      // Arrow keys belong to the frame, also with a screen reader.
      role="application"
      aria-roledescription="crop frame"
      aria-label={`Crop frame: ${frameWords(frame)}`}
      title="Drag the corners, the edges or the frame. What is dim is not searched with; the dashed square is what the model sees."
      aria-description="Arrow keys move the frame, with Shift they make it larger or smaller, Escape takes the whole image, then closes the frame."
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application is a widget, which the rule does not know.
      tabIndex={0}
      data-keeps-escape=""
      data-whole={whole ? '' : undefined}
      className={styles.cropFrame}
      style={percentBox(frame)}
      // Nothing is selected on the way: the browser would take the next press for a drag of what is.
      onMouseDown={(event) => event.preventDefault()}
      onPointerDown={(event) => begin(event, null)}
      onPointerMove={drag}
      onPointerUp={end}
      onPointerCancel={end}
      onKeyDown={(event) => {
        if (event.altKey || event.ctrlKey || event.metaKey) return;
        const leaves = event.key === 'Escape' && whole;
        const next = event.key === 'Escape' ? WHOLE : afterKey(frame, event.key, event.shiftKey);
        if (next === null) return;
        event.preventDefault();
        if (leaves) onLeave();
        else onDraw(next);
      }}
    >
      {handles.map(([name, edges]) => (
        <span
          key={name}
          className={`${styles.cropHandle} ${styles[name]}`}
          data-handle={name}
          onPointerDown={(event) => begin(event, edges)}
        />
      ))}
    </div>
  );
}
