import { type Place, type Size, toCanvas, type View } from './view.ts';

/** The point nearest to a place on the canvas and at most `within` pixels away; null where there is none. */
export function nearestPoint(
  positions: Float32Array,
  shown: Uint32Array,
  view: View,
  size: Size,
  { x, y }: Place,
  within: number,
): number | null {
  let nearest: number | null = null;
  let least = within * within;
  // Later points are painted over earlier ones, and of equals the one on top is meant.
  for (const point of shown) {
    const at = toCanvas(view, size, { x: positions[2 * point] ?? 0, y: positions[2 * point + 1] ?? 0 });
    const squared = (at.x - x) ** 2 + (at.y - y) ** 2;
    if (squared > least) continue;
    least = squared;
    nearest = point;
  }
  return nearest;
}

/** Those of `shown` that lie inside a closed outline (places of the map; even–odd rule where it crosses itself). */
export function pointsInside(outline: readonly Place[], positions: Float32Array, shown: Uint32Array): number[] {
  return [...shown].filter((point) => isInside(outline, positions[2 * point] ?? 0, positions[2 * point + 1] ?? 0));
}

function isInside(outline: readonly Place[], x: number, y: number): boolean {
  let inside = false;
  let from = outline.at(-1);
  for (const to of outline) {
    if (from && to.y > y !== from.y > y && x < ((from.x - to.x) * (y - to.y)) / (from.y - to.y) + to.x) {
      inside = !inside;
    }
    from = to;
  }
  return inside;
}
