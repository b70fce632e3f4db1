import { type Place, type Size, toCanvas, type View } from './view.ts';

/** Shapes by position in this list: told apart without colours. */
export const SHAPED_SPLITS = ['training', 'gallery', 'query'] as const;

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

export interface Inks {
  /** CSS colours; the last is that of points without a colour of their own. */
  readonly colours: readonly string[];
  readonly ink: string;
  readonly surface: string;
}

const FAINT = 0.16;
const RING = 5.5;
/** More rings than this hide what they are about: that all others are faint says it too. */
const MOST_RINGS = 200;

/** One small picture a shape and colour: copying it is several times quicker than filling a path. */
export type Stamps = readonly (readonly OffscreenCanvas[])[];

/** Side of a stamp in CSS pixels. */
const STAMP = 12;

export function makeStamps({ colours, surface }: Inks, density: number): Stamps {
  return SHAPED_SPLITS.map((_, shape) =>
    colours.map((colour, i) => {
      const stamp = new OffscreenCanvas(Math.ceil(STAMP * density), Math.ceil(STAMP * density));
      const context = stamp.getContext('2d');
      if (context === null) return stamp;
      context.scale(density, density);
      context.translate(STAMP / 2, STAMP / 2);
      context.globalAlpha = i === colours.length - 1 ? 0.55 : 1;
      traceShape(context, shape);
      context.fillStyle = colour;
      context.fill();
      // Keeps neighbours apart.
      context.strokeStyle = surface;
      context.lineWidth = 0.75;
      context.stroke();
      return stamp;
    }),
  );
}

/** About (0, 0): a dot, a square, a triangle, of like area. */
export function traceShape(
  context: OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D,
  shape: number,
  size = 1,
): void {
  context.beginPath();
  if (shape === 0) context.arc(0, 0, 3 * size, 0, 2 * Math.PI);
  else if (shape === 1) context.rect(-2.9 * size, -2.9 * size, 5.8 * size, 5.8 * size);
  else {
    context.moveTo(0, -4.6 * size);
    context.lineTo(4.4 * size, 3.2 * size);
    context.lineTo(-4.4 * size, 3.2 * size);
    context.closePath();
  }
}

/** Paints the whole canvas; `density`: its pixels per CSS pixel. */
export function paint(
  context: OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D,
  { positions, shapes, colours, shown, selected, emphasised, described }: Scene,
  view: View,
  size: Size,
  density: number,
  stamps: Stamps,
  inks: Inks,
): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = inks.surface;
  context.fillRect(0, 0, size.width * density, size.height * density);
  const place = (point: number): Place =>
    toCanvas(view, size, { x: positions[2 * point] ?? 0, y: positions[2 * point + 1] ?? 0 });
  const stampAll = (wanted: (point: number) => boolean) => {
    for (const point of shown) {
      if (!wanted(point)) continue;
      const { x, y } = place(point);
      if (x < -STAMP || y < -STAMP || x > size.width + STAMP || y > size.height + STAMP) continue;
      const stamp = stamps[shapes[point] ?? 0]?.[colours[point] ?? 0];
      // Whole pixels are copied without being resampled.
      if (stamp) context.drawImage(stamp, Math.round((x - STAMP / 2) * density), Math.round((y - STAMP / 2) * density));
    }
  };
  const standing = emphasised ?? (selected.size > 0 ? selected : null);
  if (standing === null) stampAll(() => true);
  else {
    context.globalAlpha = emphasised === null ? 2 * FAINT : FAINT;
    stampAll((point) => !standing.has(point));
    context.globalAlpha = 1;
    stampAll((point) => standing.has(point));
  }
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

function ring(
  context: OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D,
  { x, y }: Place,
  radius: number,
): void {
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
