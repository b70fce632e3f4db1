import type { ImageFormat } from './image-format.ts';

/** Side lengths in pixels as the header says, before any turning. */
export interface HeaderSize {
  readonly width: number;
  readonly height: number;
}

type Reader = (view: DataView) => HeaderSize | null;

const READERS = new Map<string, Reader>([
  ['image/png', (view) => ({ width: view.getUint32(16), height: view.getUint32(20) })],
  ['image/gif', gifSize],
  ['image/bmp', bmpSize],
  ['image/webp', webpSize],
  ['image/jpeg', jpegSize],
  ['image/avif', largestExtent],
  ['image/heic', largestExtent],
]);

/** Whether `headerSize` can read the format; an image of it that has no size is damaged. */
export function hasHeaderSize({ mime }: ImageFormat): boolean {
  return READERS.has(mime);
}

/**
 * Reads an image's size from its header without decoding it, so that one too large for the memory is refused first:
 * never less than a decoder would find. Null where `bytes` ends before the size, or is damaged before it.
 */
export function headerSize(bytes: Uint8Array, { mime }: ImageFormat): HeaderSize | null {
  try {
    return READERS.get(mime)?.(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)) ?? null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function bmpSize(view: DataView): HeaderSize {
  const oldHeader = view.getUint32(14, true) === 12;
  return oldHeader
    ? { width: view.getUint16(18, true), height: view.getUint16(20, true) }
    : { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) };
}

function webpSize(view: DataView): HeaderSize | null {
  const uint24 = (at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
  switch (view.getUint32(12)) {
    case fourCC('VP8X'):
      return { width: uint24(24) + 1, height: uint24(27) + 1 };
    case fourCC('VP8L'): {
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
    }
    case fourCC('VP8 '):
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    default:
      return null;
  }
}

/**
 * Walks the segments up to the start of a frame (SOF0 … SOF15, but the three markers among them that are none). What
 * stands between segments is passed over, as decoders do: else a stray byte would hide a size from us and not from them.
 */
function jpegSize(view: DataView): HeaderSize {
  // Past the end, reading throws a RangeError: no frame is there.
  for (let at = 2; ; ) {
    if (view.getUint8(at) !== 0xff) {
      at += 1;
      continue;
    }
    const marker = view.getUint8(at + 1);
    const startsFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (startsFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    // 0xff before a marker is padding; these markers stand alone: restarts, start of image, TEM, and 0, which is none.
    const alone = (marker >= 0xd0 && marker <= 0xd8) || marker === 0x01 || marker === 0;
    at += marker === 0xff ? 1 : alone ? 2 : 2 + view.getUint16(at + 2);
  }
}

/** Decoders give a first frame that is larger than the screen its full size. */
function gifSize(view: DataView): HeaderSize | null {
  const screen = { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  const paletteBytes = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let at = 13 + paletteBytes(view.getUint8(10));
  // Extensions come first, each a chain of sub-blocks that a length of zero ends.
  while (view.getUint8(at) === 0x21) {
    at += 2;
    for (let length = view.getUint8(at); length > 0; length = view.getUint8(at)) at += 1 + length;
    at += 1;
  }
  if (view.getUint8(at) !== 0x2c) return null;
  const right = view.getUint16(at + 1, true) + view.getUint16(at + 5, true);
  const bottom = view.getUint16(at + 3, true) + view.getUint16(at + 7, true);
  return { width: Math.max(screen.width, right), height: Math.max(screen.height, bottom) };
}

/** A picture made of tiles has one `ispe` (image spatial extents) box for the tiles and one for the whole. */
function largestExtent(view: DataView): HeaderSize | null {
  const ispe = fourCC('ispe');
  let largest: HeaderSize | null = null;
  for (let at = 0; at + 16 <= view.byteLength; at += 1) {
    if (view.getUint32(at) !== ispe) continue;
    const size = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
    if (!largest || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}

function fourCC(text: string): number {
  return [...text].reduce((code, letter) => (code << 8) | letter.charCodeAt(0), 0) >>> 0;
}
