import { type GroupLabel, LABEL_HEIGHT, placedLabels } from './group-labels.ts';
import { makeSheet, marginFor, type Sheet, stampPoints } from './stamping.ts';
import type { Context, Inks, Stamps } from './stamps.ts';
import type { ShownThumbnails } from './thumbnails.ts';
import { type Place, type Size, toCanvas, type View } from './view.ts';

/** What is painted. Lists of one entry a point are by point. */
export interface Scene {
  /** [n, 2] in units of the map. */
  readonly positions: Float32Array;
  /** Position of the split in SHAPED_SPLITS. */
  readonly shapes: Uint8Array;
  /** Position in `Inks.colours`. */
  readonly colours: Uint8Array;
  /** Points in the order in which they are painted; others are not shown. */
  readonly shown: Uint32Array;
  readonly selected: ReadonlySet<number>;
  /** These stand out, all others are faint; null for none. */
  readonly emphasised: ReadonlySet<number> | null;
  /** Has a ring about it. */
  readonly described: number | null;
}

/** Opacity of what is not pointed at in the legend, and of what is not selected. */
const FAINT = 0.16;
const QUIET = 0.4;
const RING = 5.5;
/** Many points are painted smaller: they would cover each other. */
const SIZES = [
  [20_000, 1],
  [50_000, 0.7],
  [Number.POSITIVE_INFINITY, 0.5],
] as const;
/** More rings than this hide what they are about: that all others are faint says it too. */
const MOST_RINGS = 200;

/** The size of a point by how many are shown, 1 being the largest. */
export const pointSize = (points: number): number => SIZES.find(([most]) => points <= most)?.[1] ?? 1;

/** What stands out, and how faint the rest is; null where all are alike. */
export function standing({ selected, emphasised }: Pick<Scene, 'selected' | 'emphasised'>) {
  if (emphasised !== null) return { points: emphasised, rest: FAINT };
  return selected.size > 0 ? { points: selected, rest: QUIET } : null;
}

/** Paints the points on the whole canvas, which is `size` times the stamps' density large. */
export function paint(context: Context, scene: Scene, view: View, size: Size, stamps: Stamps, inks: Inks): void {
  const { density } = stamps;
  const sheet = sheetFor(context, marginFor(density));
  sheet.words.fill(stamps.surface);
  // As toCanvas, in pixels of the sheet.
  const perUnit = view.scale * density;
  const projection = {
    perUnit,
    middleX: (size.width * density) / 2 - view.x * perUnit,
    middleY: (size.height * density) / 2 + view.y * perUnit,
  };
  const out = standing(scene);
  if (out === null) stampPoints(sheet, stamps, scene, scene.shown, projection, 1);
  else {
    const { under, over } = apart(scene.shown, out.points);
    stampPoints(sheet, stamps, scene, under, projection, out.rest);
    stampPoints(sheet, stamps, scene, over, projection, 1);
  }
  context.putImageData(sheet.image, -sheet.margin, -sheet.margin);
  context.setTransform(density, 0, 0, density, 0, 0);
  paintRings(context, scene, view, size, inks);
}

interface Layers {
  readonly shown: Uint32Array;
  /** The rest, and what stands out and lies over it; each in the order of `shown`. */
  readonly under: Uint32Array;
  readonly over: Uint32Array;
}

/** By what stands out: it stays the same while the map is moved, and asking a set for each point takes a frame's time. */
const layers = new WeakMap<ReadonlySet<number>, Layers>();

/** What is shown, with what stands out apart. */
export function apart(shown: Uint32Array, points: ReadonlySet<number>): Layers {
  const held = layers.get(points);
  if (held?.shown === shown) return held;
  const made = {
    shown,
    under: shown.filter((point) => !points.has(point)),
    over: shown.filter((point) => points.has(point)),
  };
  layers.set(points, made);
  return made;
}

/** Rings about what is selected and described; `context` counts in CSS pixels. */
export function paintRings(
  context: Context,
  { positions, shown, selected, described }: Scene,
  view: View,
  size: Size,
  inks: Inks,
): void {
  const place = (point: number): Place =>
    toCanvas(view, size, { x: positions[2 * point] ?? 0, y: positions[2 * point + 1] ?? 0 });
  context.strokeStyle = inks.ink;
  context.lineWidth = 1.25;
  context.beginPath();
  if (selected.size > 0 && selected.size <= MOST_RINGS) {
    for (const point of shown) if (selected.has(point)) ring(context, place(point), RING);
  }
  context.stroke();
  if (described === null) return;
  context.beginPath();
  context.lineWidth = 2;
  ring(context, place(described), RING + 3);
  context.stroke();
}

/** The sheets of canvases: too large to be made for every frame. */
const sheets = new WeakMap<Context, Sheet>();

function sheetFor(context: Context, margin: number): Sheet {
  const { width, height } = context.canvas;
  const held = sheets.get(context);
  if (held?.width === width && held.height === height && held.margin === margin) return held;
  const sheet = makeSheet(context, margin);
  sheets.set(context, sheet);
  return sheet;
}

function ring(context: Context, { x, y }: Place, radius: number): void {
  context.moveTo(x + radius, y);
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

/** Pictures in place of points, framed in their colour; those that are there. */
export function paintThumbnails(
  context: Context,
  scene: Scene,
  view: View,
  size: Size,
  inks: Inks,
  { side, points }: ShownThumbnails,
  pictureOf: (point: number) => ImageBitmap | null,
): void {
  const { positions, colours, selected, described } = scene;
  const out = standing(scene);
  const half = side / 2;
  for (const point of points) {
    const picture = pictureOf(point);
    if (picture === null) continue;
    const { x, y } = toCanvas(view, size, { x: positions[2 * point] ?? 0, y: positions[2 * point + 1] ?? 0 });
    context.globalAlpha = out === null || out.points.has(point) ? 1 : out.rest;
    const square = Math.min(picture.width, picture.height);
    const [left, top] = [(picture.width - square) / 2, (picture.height - square) / 2];
    context.drawImage(picture, left, top, square, square, x - half, y - half, side, side);
    const chosen = selected.has(point) || point === described;
    context.lineWidth = chosen ? 3 : 2;
    context.strokeStyle = chosen ? inks.ink : (inks.colours[colours[point] ?? 0] ?? inks.ink);
    context.strokeRect(x - half, y - half, side, side);
  }
  context.globalAlpha = 1;
}

/** More letters of a name are cut. */
const LONGEST_LABEL = 28;
const LABEL_FONT = '600 13px system-ui, sans-serif';
const PLATE_PADDING = 6;
/** What lies below shows through a plate, but no name is hard to read for it. */
const PLATE = 0.9;

/** Names by their groups: with a halo over points, on plates and out of the way over pictures. */
export function paintLabels(
  context: Context,
  labels: readonly GroupLabel[],
  scene: Scene,
  view: View,
  size: Size,
  inks: Inks,
  thumbnails: ShownThumbnails | null,
): void {
  context.font = LABEL_FONT;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  const wanted = labels.flatMap(({ name, at: middle }) => {
    const at = toCanvas(view, size, middle);
    if (at.x < 0 || at.y < 0 || at.x > size.width || at.y > size.height) return [];
    const text = name.length > LONGEST_LABEL ? `${name.slice(0, LONGEST_LABEL - 1)}…` : name;
    return [{ text, at, width: context.measureText(text).width + 2 * PLATE_PADDING }];
  });
  const pictures = (thumbnails?.points ?? []).map((point) =>
    toCanvas(view, size, { x: scene.positions[2 * point] ?? 0, y: scene.positions[2 * point + 1] ?? 0 }),
  );
  for (const { text, x, y, width } of placedLabels(wanted, size, thumbnails?.side ?? 0, pictures)) {
    context.fillStyle = inks.surface;
    context.strokeStyle = inks.surface;
    if (thumbnails) {
      context.globalAlpha = PLATE;
      context.beginPath();
      context.roundRect(x - width / 2, y - LABEL_HEIGHT / 2, width, LABEL_HEIGHT, 4);
      context.fill();
      context.globalAlpha = 1;
    } else {
      context.lineWidth = 4;
      context.strokeText(text, x, y);
    }
    context.fillStyle = inks.ink;
    context.fillText(text, x, y);
  }
}

/** The outline that is being drawn, in CSS pixels. */
export function paintOutline(context: CanvasRenderingContext2D, outline: readonly Place[], ink: string): void {
  if (outline.length < 2) return;
  context.beginPath();
  for (const { x, y } of outline) context.lineTo(x, y);
  context.closePath();
  context.globalAlpha = 0.1;
  context.fillStyle = ink;
  context.fill('evenodd');
  context.globalAlpha = 1;
  context.setLineDash([5, 4]);
  context.strokeStyle = ink;
  context.lineWidth = 1.5;
  context.stroke();
  context.setLineDash([]);
}

/** The middle of the map, where the keyboard points. */
export function paintCross(context: CanvasRenderingContext2D, { width, height }: Size, ink: string): void {
  context.beginPath();
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const) {
    context.moveTo(width / 2 + 4 * dx, height / 2 + 4 * dy);
    context.lineTo(width / 2 + 12 * dx, height / 2 + 12 * dy);
  }
  context.strokeStyle = ink;
  context.lineWidth = 1.5;
  context.stroke();
}
