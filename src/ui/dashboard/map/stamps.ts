import type { Place } from './view.ts';

/** Shapes by position in this list: they differ without colours. */
export const SHAPED_SPLITS = ['training', 'gallery', 'query'] as const;

export type Context = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D;

export interface Inks {
  /** CSS colours; the last is that of points without a colour of their own. */
  readonly colours: readonly string[];
  readonly ink: string;
  readonly surface: string;
}

/** The pixels of a small picture that are not empty, opaque ones first. */
interface Stamp {
  /** Columns and rows relative to the middle, in pairs. */
  readonly offsets: Int8Array;
  /** Red, green, blue and opacity (0 to 255), in fours. */
  readonly values: Uint8Array;
  /** The same, a pixel at a time. */
  readonly words: Uint32Array;
  readonly opaque: number;
}

/** Pixels to be stamped on. */
export interface Sheet {
  readonly image: ImageData;
  /** The same memory, a pixel at a time. */
  readonly words: Uint32Array;
}

/**
 * One stamp a shape and colour, in pixels of the canvas. Ten thousand points are stamped into a sheet of pixels within
 * milliseconds; as many drawImage calls take a tenth of a second where no graphics card helps.
 */
export interface Stamps {
  readonly density: number;
  /** By shape, then colour. */
  readonly stamps: readonly (readonly Stamp[])[];
  /** An empty pixel. */
  readonly surface: number;
}

/** Half the side of a stamp in CSS pixels. */
export const REACH = 6;

export function makeStamps({ colours, surface }: Inks, density: number, scale = 1): Stamps {
  const side = Math.ceil(2 * REACH * density);
  const context = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('This browser draws on no canvas.');
  const stamps = SHAPED_SPLITS.map((_, shape) =>
    colours.map((colour, i) => {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, side, side);
      context.setTransform(density, 0, 0, density, side / 2, side / 2);
      traceShape(context, shape, scale);
      context.fillStyle = surface;
      context.fill();
      // Quiet, but opaque: mixing costs more than all the rest.
      context.globalAlpha = i === colours.length - 1 ? 0.55 : 1;
      context.fillStyle = colour;
      context.fill();
      context.globalAlpha = 1;
      // Keeps neighbours apart.
      context.strokeStyle = surface;
      context.lineWidth = 0.75 * scale;
      context.stroke();
      return stampOf(context.getImageData(0, 0, side, side));
    }),
  );
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = surface;
  context.fillRect(0, 0, 1, 1);
  return { density, stamps, surface: wordsOf(context.getImageData(0, 0, 1, 1).data)[0] ?? 0 };
}

const wordsOf = (bytes: Uint8ClampedArray | Uint8Array): Uint32Array => new Uint32Array(Uint8Array.from(bytes).buffer);

function stampOf({ data, width }: ImageData): Stamp {
  const opacity = (i: number): number => data[4 * i + 3] ?? 0;
  const kept = Array.from({ length: data.length / 4 }, (_, i) => i)
    .filter((i) => opacity(i) !== 0)
    .sort((a, b) => opacity(b) - opacity(a));
  const middle = width >> 1;
  const values = Uint8Array.from(kept.flatMap((i) => [...data.subarray(4 * i, 4 * i + 4)]));
  return {
    offsets: Int8Array.from(kept.flatMap((i) => [(i % width) - middle, Math.floor(i / width) - middle])),
    values,
    words: wordsOf(values),
    opaque: kept.filter((i) => opacity(i) === 255).length,
  };
}

/** About (0, 0): a dot, a square, a triangle, of like area. */
export function traceShape(context: Context, shape: number, size = 1): void {
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

/** A sheet as large as the context's canvas. */
export function makeSheet(context: Context): Sheet {
  const image = context.createImageData(context.canvas.width, context.canvas.height);
  return { image, words: new Uint32Array(image.data.buffer) };
}

/** Makes all pixels the surface. */
export function wipe({ words }: Sheet, { surface }: Stamps): void {
  words.fill(surface);
}

/** Stamps one point, `opacity` from 0 to 1, at a place in CSS pixels; on whole pixels, so that stamps stay sharp. */
export function stamp(
  { image: { data, width, height }, words }: Sheet,
  { density, stamps }: Stamps,
  shape: number,
  colour: number,
  { x, y }: Place,
  opacity: number,
): void {
  const picture = stamps[shape]?.[colour];
  if (!picture) return;
  const { offsets, values } = picture;
  const left = Math.round(x * density);
  const top = Math.round(y * density);
  const solid = opacity === 1 ? picture.opaque : 0;
  for (let i = 0; 2 * i < offsets.length; i++) {
    const column = left + (offsets[2 * i] as number);
    const row = top + (offsets[2 * i + 1] as number);
    if (column < 0 || row < 0 || column >= width || row >= height) continue;
    const at = row * width + column;
    if (i < solid) words[at] = picture.words[i] as number;
    else mix(data, 4 * at, values, 4 * i, opacity);
  }
}

/** Red, green and blue, as far as the upper pixel covers the lower one. */
function mix(lower: Uint8ClampedArray, at: number, upper: Uint8Array, from: number, opacity: number): void {
  const share = ((upper[from + 3] as number) / 255) * opacity;
  for (let c = 0; c < 3; c++) {
    const below = lower[at + c] as number;
    lower[at + c] = below + ((upper[from + c] as number) - below) * share;
  }
}
