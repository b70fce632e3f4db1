import { type RefObject, useLayoutEffect, useState } from 'react';

/** A window that is dragged a little larger moves no point. */
const STEP = 0.25;

/** Width to height of an element in steps of a quarter, from its first frame on; null until it has been measured. */
export function useFrameRatio(element: RefObject<HTMLElement | null>): number | null {
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
