import { type RefObject, useLayoutEffect, useState } from 'react';

/** A window that is dragged a little larger moves no point. */
const STEP = 0.25;

/** Width to height of an element, from its first frame on, in steps of a quarter. */
export function useFrameRatio(element: RefObject<HTMLElement | null>): number {
  const [ratio, setRatio] = useState(1);
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
