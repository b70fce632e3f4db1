import { useReducedMotion } from '@mantine/hooks';
import { type RefObject, useLayoutEffect, useRef } from 'react';

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
