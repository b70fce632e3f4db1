/** The map's points painted by the plainest loop: what the app's own (stamping.ts) is held and measured against. */
import { paintRings, type Scene, standing } from '../src/ui/dashboard/map/paint.ts';
import { type Context, FULL, type Inks, REACH, type Stamps } from '../src/ui/dashboard/map/stamps.ts';
import type { Size, View } from '../src/ui/dashboard/map/view.ts';

export interface PlainSheet {
  readonly width: number;
  readonly height: number;
  readonly words: Uint32Array;
}

/** As paint.ts's `paint`, pixel by pixel; `image` is as large as the canvas. */
export function paintSimply(
  context: Context,
  image: ImageData,
  scene: Scene,
  view: View,
  size: Size,
  stamps: Stamps,
  inks: Inks,
): void {
  const { positions, shapes, colours, shown } = scene;
  const { density } = stamps;
  const { width, height } = image;
  const sheet = { width, height, words: new Uint32Array(image.data.buffer) };
  sheet.words.fill(stamps.surface);
  const perUnit = view.scale * density;
  const middleX = (size.width * density) / 2 - view.x * perUnit;
  const middleY = (size.height * density) / 2 + view.y * perUnit;
  const reach = REACH * density;
  const stampOne = (point: number, opacity: number): void => {
    const left = Math.round(middleX + perUnit * (positions[2 * point] as number));
    const top = Math.round(middleY - perUnit * (positions[2 * point + 1] as number));
    if (left < -reach || top < -reach || left > width + reach || top > height + reach) return;
    stampSimply(sheet, stamps, shapes[point] as number, colours[point] as number, left, top, opacity);
  };
  const out = standing(scene);
  if (out === null) for (const point of shown) stampOne(point, 1);
  else {
    for (const point of shown) if (!out.points.has(point)) stampOne(point, out.rest);
    for (const point of shown) if (out.points.has(point)) stampOne(point, 1);
  }
  context.putImageData(image, 0, 0);
  context.setTransform(density, 0, 0, density, 0, 0);
  paintRings(context, scene, view, size, inks);
}

/** One point, a pixel at a time. */
export function stampSimply(
  { width, height, words: sheet }: PlainSheet,
  { stamps }: Stamps,
  shape: number,
  colour: number,
  left: number,
  top: number,
  opacity: number,
): void {
  const picture = stamps[shape]?.[colour];
  if (!picture) return;
  const { offsets, words, covers, reach } = picture;
  const solid = opacity === 1 ? picture.opaque : 0;
  const whole = left >= reach && top >= reach && left < width - reach && top < height - reach;
  const part = Math.round(opacity * FULL);
  for (let i = 0; i < words.length; i++) {
    const column = left + (offsets[2 * i] as number);
    const row = top + (offsets[2 * i + 1] as number);
    if (!whole && (column < 0 || row < 0 || column >= width || row >= height)) continue;
    const at = row * width + column;
    const word = words[i] as number;
    sheet[at] = i < solid ? word : mixed(sheet[at] as number, word, ((covers[i] as number) * part) >> 8);
  }
}

/** A pixel over another, `cover` of FULL: two of the three colours in one product. */
function mixed(lower: number, upper: number, cover: number): number {
  const rest = FULL - cover;
  const outer = (Math.imul(lower & 0xff00ff, rest) + Math.imul(upper & 0xff00ff, cover)) >>> 8;
  const inner = ((lower >>> 8) & 0xff) * rest + ((upper >>> 8) & 0xff) * cover;
  return 0xff000000 | (outer & 0xff00ff) | (inner & 0xff00);
}
