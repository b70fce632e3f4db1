import type { Place, Size } from './view.ts';

/** A name, and where on the map it belongs: in the middle of its points. */
export interface GroupLabel {
  readonly name: string;
  readonly at: Place;
}

/** A label for each named group that has a point shown; `groups` is each point's. At the median, since a few points may lie far off. */
export function groupLabels(
  names: readonly string[],
  groups: readonly (string | null)[],
  positions: Float32Array,
  shown: Uint32Array,
): GroupLabel[] {
  const members = new Map<string, number[]>(names.map((name) => [name, []]));
  for (const point of shown) members.get(groups[point] ?? '')?.push(point);
  return [...members].flatMap(([name, points]) => {
    if (points.length === 0) return [];
    const middle = (axis: 0 | 1): number =>
      Float32Array.from(points, (point) => positions[2 * point + axis] ?? 0).sort()[points.length >> 1] ?? 0;
    return [{ name, at: { x: middle(0), y: middle(1) } }];
  });
}

/** A name that is to find room on the canvas, in CSS pixels. */
export interface WantedLabel {
  readonly text: string;
  /** The middle of its group. */
  readonly at: Place;
  readonly width: number;
}

/** A name with the middle of its place. */
export interface PlacedLabel {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export const LABEL_HEIGHT = 20;
/** Pixels over the middle of a group, so that its points can be seen. */
const ABOVE = 16;
/** How far a name moves out of the way of pictures, and in which steps. */
const FARTHEST = 108;
const STEP = 12;
const DIRECTIONS = 8;
/** The corner at the top right that the map's buttons take. */
const BUTTONS = { width: 44, height: 108 };
/** What a pixel of distance costs, in covered pixels: a name far off seems to belong to something else. */
const DISTANCE_COST = 6;

/**
 * Where names stand: over the middle of their groups, or beside it where that covers less of the pictures, squares of `side`
 * about `pictures`. None leaves the canvas or lies under the map's buttons; of two that would cover each other the first stands.
 */
export function placedLabels(
  wanted: readonly WantedLabel[],
  size: Size,
  side: number,
  pictures: readonly Place[],
): PlacedLabel[] {
  const placed: PlacedLabel[] = [];
  for (const { text, at, width } of wanted) {
    let best: PlacedLabel | null = null;
    let least = Number.POSITIVE_INFINITY;
    const placeOf = (right: number, down: number): Place => ({
      x: Math.max(width / 2, Math.min(size.width - width / 2, at.x + right)),
      y: Math.max(LABEL_HEIGHT / 2, Math.min(size.height - LABEL_HEIGHT / 2, at.y - ABOVE + down)),
    });
    const hidden = ({ x, y }: Place) =>
      x + width / 2 > size.width - BUTTONS.width && y - LABEL_HEIGHT / 2 < BUTTONS.height;
    const stays = pictures.length === 0 && !hidden(placeOf(0, 0));
    for (const { right, down, way } of stays ? STAY : WAYS) {
      const { x, y } = placeOf(right, down);
      if (hidden({ x, y })) continue;
      const overlap = (place: Place, w: number, h: number) =>
        Math.max(0, (width + w) / 2 - Math.abs(place.x - x)) *
        Math.max(0, (LABEL_HEIGHT + h) / 2 - Math.abs(place.y - y));
      if (placed.some((other) => overlap(other, other.width, LABEL_HEIGHT) > 0)) continue;
      const cost = pictures.reduce((sum, picture) => sum + overlap(picture, side, side), DISTANCE_COST * way);
      if (cost >= least) continue;
      least = cost;
      best = { text, x, y, width };
    }
    if (best) placed.push(best);
  }
  return placed;
}

const STAY = [{ right: 0, down: 0, way: 0 }];
/** Out of the way: upwards first. */
const WAYS = [
  ...STAY,
  ...Array.from({ length: (FARTHEST / STEP) * DIRECTIONS }, (_, i) => {
    const way = STEP * (1 + Math.floor(i / DIRECTIONS));
    const angle = (2 * Math.PI * (i % DIRECTIONS)) / DIRECTIONS;
    return { right: way * Math.sin(angle), down: -way * Math.cos(angle), way };
  }),
];
