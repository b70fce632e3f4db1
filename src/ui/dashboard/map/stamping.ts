import { type Context, FULL, REACH, type Stamp, type Stamps } from './stamps.ts';

/** Pixels to be stamped on, row by row; red in the lowest byte, and all opaque. */
export interface Pixels {
  /** Without the margin. */
  readonly width: number;
  readonly height: number;
  /** Pixels about them that are not shown: a stamp over the edge needs no check of its own. */
  readonly margin: number;
  readonly words: Uint32Array;
}

export interface Sheet extends Pixels {
  /** The same memory, with its margin. */
  readonly image: ImageData;
}

/** Wide enough for a stamp of which one pixel is in sight. */
export const marginFor = (density: number): number => 2 * Math.ceil(REACH * density);

/** A sheet as large as the context's canvas. */
export function makeSheet(context: Context, margin: number): Sheet {
  const { width, height } = context.canvas;
  const image = context.createImageData(width + 2 * margin, height + 2 * margin);
  return { width, height, margin, image, words: new Uint32Array(image.data.buffer) };
}

/** Of a place of the map its pixel: (middleX + perUnit · x, middleY − perUnit · y), rounded, so that stamps stay sharp. */
export interface Projection {
  readonly perUnit: number;
  readonly middleX: number;
  readonly middleY: number;
}

/** Lists of one entry a point. */
interface Points {
  /** [n, 2] in units of the map. */
  readonly positions: Float32Array;
  readonly shapes: Uint8Array;
  readonly colours: Uint8Array;
}

/**
 * Stamps the points of `order`, one over the other. `opacity` from 0 to 1.
 *
 * A hundred thousand points are two million pixels a frame: what can be multiplied beforehand has been, and what is known of a
 * pixel lies side by side.
 */
export function stampPoints(
  { width, height, margin, words }: Pixels,
  stamps: Stamps,
  { positions, shapes, colours }: Points,
  order: Uint32Array,
  { perUnit, middleX, middleY }: Projection,
  opacity: number,
): void {
  const stride = width + 2 * margin;
  const { starts, code, reach, kinds } = tableFor(stamps, stride, opacity);
  for (let i = 0; i < order.length; i++) {
    const point = order[i] as number;
    const column = Math.round(middleX + perUnit * (positions[2 * point] as number));
    const row = Math.round(middleY - perUnit * (positions[2 * point + 1] as number));
    if (column < -reach || row < -reach || column >= width + reach || row >= height + reach) continue;
    const middle = (row + margin) * stride + column + margin;
    let at = starts[(shapes[point] as number) * kinds + (colours[point] as number)] as number;
    const solidEnd = code[at] as number;
    const end = code[at + 1] as number;
    for (at += HEADER; at < solidEnd; at += SOLID) words[middle + (code[at] as number)] = code[at + 1] as number;
    for (; at < end; at += MIXED) {
      const pixel = middle + (code[at] as number);
      const lower = words[pixel] as number;
      const packed = code[at + 2] as number;
      const rest = packed & REST_MASK;
      // Two of the three colours in one product, since they do not touch.
      const outer = (Math.imul(lower & OUTER, rest) + (code[at + 1] as number)) >>> 8;
      const inner = Math.imul((lower >>> 8) & 0xff, rest) + (packed >>> REST_BITS);
      words[pixel] = OPAQUE | (outer & OUTER) | (inner & INNER);
    }
  }
}

const OPAQUE = 0xff000000;
const OUTER = 0xff00ff;
const INNER = 0xff00;
/** What remains of a lower pixel goes from 0 to FULL, and shares a word with the middle colour's product. */
const REST_BITS = 9;
const REST_MASK = 0x1ff;

/** Words at the beginning of a stamp, of each of its opaque pixels and of each of its others. */
const HEADER = 2;
const SOLID = 2;
const MIXED = 3;

/** The stamps as the inner loop reads them, for sheets of one width and one opacity. */
interface Table {
  readonly stride: number;
  readonly opacity: number;
  /** Where the stamp of a shape and colour starts in `code`: `shape · kinds + colour`. */
  readonly starts: Int32Array;
  readonly kinds: number;
  /**
   * Of each stamp: where its opaque pixels end and where it ends; of each opaque pixel its distance from the middle in pixels of
   * the sheet, and its colours; of each other its distance, its outer colours times how far it covers, and its middle colour
   * times the same with what remains of the pixel below.
   */
  readonly code: Int32Array;
  /** Of the largest stamp. */
  readonly reach: number;
}

/** A frame uses two at most: one for what stands out, one for the rest. */
const tables = new WeakMap<Stamps, readonly Table[]>();

function tableFor(stamps: Stamps, stride: number, opacity: number): Table {
  const held = tables.get(stamps) ?? [];
  const found = held.find((table) => table.stride === stride && table.opacity === opacity);
  if (found) return found;
  const made = makeTable(stamps, stride, opacity);
  // A sheet of another width has taken the place of the one before.
  tables.set(stamps, [...held.filter((table) => table.stride === stride), made]);
  return made;
}

function makeTable({ stamps }: Stamps, stride: number, opacity: number): Table {
  const all = stamps.flat();
  const code: number[] = [];
  const starts = all.map(({ offsets, words, covers, opaque }: Stamp) => {
    const start = code.length;
    const solid = opacity === 1 ? opaque : 0;
    const solidEnd = start + HEADER + SOLID * solid;
    code.push(solidEnd, solidEnd + MIXED * (words.length - solid));
    words.forEach((word, i) => {
      code.push((offsets[2 * i + 1] as number) * stride + (offsets[2 * i] as number));
      const cover = ((covers[i] as number) * Math.round(opacity * FULL)) >> 8;
      if (i < solid) code.push(word);
      else code.push((word & OUTER) * cover, ((((word >>> 8) & 0xff) * cover) << REST_BITS) | (FULL - cover));
    });
    return start;
  });
  return {
    stride,
    opacity,
    starts: Int32Array.from(starts),
    kinds: stamps[0]?.length ?? 0,
    // Words of 32 bits, whose sign means nothing.
    code: Int32Array.from(code, (word) => word | 0),
    reach: Math.max(0, ...all.map((picture) => picture.reach)),
  };
}
