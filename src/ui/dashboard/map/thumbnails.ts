import { type Place, type Size, toCanvas, type View } from './view.ts';

/** Sides of a thumbnail in CSS pixels: smaller, nothing is to be made out; larger, too few find room. */
const SIDES = [28, 88] as const;
/** A thumbnail's side, as a share of the square that each point in sight would have for itself. */
const SHARE = 0.62;
/** More points in sight have no room for pictures. */
const MOST_IN_SIGHT = 800;

export interface ShownThumbnails {
  readonly side: number;
  readonly points: readonly number[];
}

/**
 * Which points are shown as pictures, and how large: none while too many are in sight, and none over another. The earlier in
 * `shown`, the rather it has a picture, so that few change while the map is moved.
 */
export function thumbnailsInSight(
  positions: Float32Array,
  shown: Uint32Array,
  view: View,
  size: Size,
): ShownThumbnails | null {
  const inSight: { readonly point: number; readonly at: Place }[] = [];
  for (const point of shown) {
    const at = toCanvas(view, size, { x: positions[2 * point] ?? 0, y: positions[2 * point + 1] ?? 0 });
    if (at.x < 0 || at.y < 0 || at.x > size.width || at.y > size.height) continue;
    if (inSight.length === MOST_IN_SIGHT) return null;
    inSight.push({ point, at });
  }
  const own = SHARE * Math.sqrt((size.width * size.height) / Math.max(1, inSight.length));
  if (own < SIDES[0]) return null;
  const side = Math.round(Math.min(SIDES[1], own));
  // A field of the grid holds one picture at most, and what overlaps it lies in a field beside it.
  const grid = new Map<string, Place>();
  const points = inSight.flatMap(({ point, at }) => {
    const [column, row] = [Math.floor(at.x / side), Math.floor(at.y / side)];
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        const other = grid.get(`${column + dx} ${row + dy}`);
        if (other && Math.abs(other.x - at.x) < side && Math.abs(other.y - at.y) < side) return [];
      }
    }
    grid.set(`${column} ${row}`, at);
    return [point];
  });
  return { side, points };
}
