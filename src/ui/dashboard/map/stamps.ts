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
export interface Stamp {
  /** Columns and rows relative to the middle, in pairs. */
  readonly offsets: Int8Array;
  /** Their colours, a pixel at a time. */
  readonly words: Uint32Array;
  /** How far each covers what lies below, from 0 to FULL. */
  readonly covers: Uint16Array;
  readonly opaque: number;
  /** Pixels from the middle to the farthest of them. */
  readonly reach: number;
}

/** Covers all that lies below: a power of two, by which a shift divides. */
export const FULL = 256;

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
  const offsets = Int8Array.from(kept.flatMap((i) => [(i % width) - middle, Math.floor(i / width) - middle]));
  return {
    offsets,
    words: wordsOf(Uint8Array.from(kept.flatMap((i) => [...data.subarray(4 * i, 4 * i + 4)]))),
    covers: Uint16Array.from(kept, (i) => Math.round((opacity(i) / 255) * FULL)),
    opaque: kept.filter((i) => opacity(i) === 255).length,
    reach: offsets.reduce((most, offset) => Math.max(most, Math.abs(offset)), 0),
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
