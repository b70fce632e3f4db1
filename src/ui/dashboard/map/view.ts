/** What part of the map is seen: the map's place in the middle of the canvas, and pixels per unit of the map. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Pixels around the outermost points: half a picture, as far as the canvas has room for it. */
const PADDING = [24, 48] as const;
const PADDING_SHARE = 0.06;
/** Closer, single points fill the canvas; farther, all of them are one. */
const SCALES = [10, 100_000] as const;

/** How far a map is stretched to fill its frame: more would tear neighbourhoods apart. */
const MOST_STRETCHED = 2;

/**
 * The same places [n, 2] in a box about 0 whose longer half is 1: so a view outlasts a layout in the making. Where a frame's
 * width to height is given, one axis is stretched towards it: the axes of a map have no unit, and a square in a wide frame
 * leaves half of it empty.
 */
export function normalised(coordinates: Float32Array, frame: Size | null = null): Float32Array<ArrayBuffer> {
  const [left, right] = range(coordinates, 0);
  const [bottom, top] = range(coordinates, 1);
  const [width, height] = [right - left, top - bottom];
  const lacking = frame === null || width * height === 0 ? 1 : (frame.width * height) / (frame.height * width);
  const stretch = Math.max(1 / MOST_STRETCHED, Math.min(MOST_STRETCHED, lacking));
  const half = Math.max(width * stretch, height) / 2 || 1;
  return Float32Array.from(coordinates, (value, i) =>
    i % 2 === 0 ? ((value - (left + right) / 2) * stretch) / half : (value - (bottom + top) / 2) / half,
  );
}

/** All points [n, 2] in sight. */
export function fitted(positions: Float32Array, { width, height }: Size): View {
  const [left, right] = range(positions, 0);
  const [bottom, top] = range(positions, 1);
  const padding = Math.max(PADDING[0], Math.min(PADDING[1], PADDING_SHARE * Math.min(width, height)));
  const room = (pixels: number, span: number) => Math.max(1, pixels - 2 * padding) / (span || 1);
  return {
    x: (left + right) / 2,
    y: (bottom + top) / 2,
    scale: clampScale(Math.min(room(width, right - left), room(height, top - bottom))),
  };
}

function range(places: Float32Array, axis: 0 | 1): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = axis; i < places.length; i += 2) {
    const value = places[i] ?? 0;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > high ? [0, 0] : [low, high];
}

/** Where a place of the map lies on the canvas, in CSS pixels; the map's y points up. */
export function toCanvas(view: View, { width, height }: Size, { x, y }: Place): Place {
  return { x: width / 2 + (x - view.x) * view.scale, y: height / 2 - (y - view.y) * view.scale };
}

export function toMap(view: View, { width, height }: Size, { x, y }: Place): Place {
  return { x: view.x + (x - width / 2) / view.scale, y: view.y - (y - height / 2) / view.scale };
}

/** Larger by `factor`, with what lies under `at` (CSS pixels) staying there. */
export function zoomed(view: View, size: Size, factor: number, at: Place): View {
  const scale = clampScale(view.scale * factor);
  const fixed = toMap(view, size, at);
  return {
    x: fixed.x - (at.x - size.width / 2) / scale,
    y: fixed.y + (at.y - size.height / 2) / scale,
    scale,
  };
}

/** What lies on the canvas moves by these pixels. */
export function moved(view: View, right: number, down: number): View {
  return { ...view, x: view.x - right / view.scale, y: view.y + down / view.scale };
}

const clampScale = (scale: number): number => Math.max(SCALES[0], Math.min(SCALES[1], scale));

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
