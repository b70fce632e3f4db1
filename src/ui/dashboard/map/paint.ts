import { type Context, type Inks, makeSheet, REACH, type Sheet, type Stamps, stamp, wipe } from './stamps.ts';
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
/** More rings than this hide what they are about: that all others are faint says it too. */
const MOST_RINGS = 200;

/** Paints the whole canvas, which is `size` times the stamps' density large. */
export function paint(
  context: Context,
  { positions, shapes, colours, shown, selected, emphasised, described }: Scene,
  view: View,
  size: Size,
  stamps: Stamps,
  inks: Inks,
): void {
  const place = (point: number): Place =>
    toCanvas(view, size, { x: positions[2 * point] ?? 0, y: positions[2 * point + 1] ?? 0 });
  const sheet = sheetFor(context);
  wipe(sheet, stamps);
  const stampAll = (opacity: number, wanted: (point: number) => boolean) => {
    for (const point of shown) {
      if (!wanted(point)) continue;
      const at = place(point);
      if (at.x < -REACH || at.y < -REACH || at.x > size.width + REACH || at.y > size.height + REACH) continue;
      stamp(sheet, stamps, shapes[point] ?? 0, colours[point] ?? 0, at, opacity);
    }
  };
  const standing = emphasised ?? (selected.size > 0 ? selected : null);
  if (standing === null) stampAll(1, () => true);
  else {
    stampAll(emphasised === null ? QUIET : FAINT, (point) => !standing.has(point));
    stampAll(1, (point) => standing.has(point));
  }
  context.putImageData(sheet.image, 0, 0);
  const { density } = stamps;
  context.setTransform(density, 0, 0, density, 0, 0);
  context.strokeStyle = inks.ink;
  context.lineWidth = 1.25;
  context.beginPath();
  if (selected.size <= MOST_RINGS) {
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

function sheetFor(context: Context): Sheet {
  const { width, height } = context.canvas;
  const held = sheets.get(context);
  if (held?.image.width === width && held.image.height === height) return held;
  const sheet = makeSheet(context);
  sheets.set(context, sheet);
  return sheet;
}

function ring(context: Context, { x, y }: Place, radius: number): void {
  context.moveTo(x + radius, y);
  context.arc(x, y, radius, 0, 2 * Math.PI);
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
