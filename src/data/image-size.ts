import type { ImageFormat } from './image-format.ts';

/** Side lengths in pixels as the header says, before any turning. */
export interface HeaderSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Reads an image's size from its header without decoding it, so that one too large for the memory is refused first.
 * Null where the format is not one of PNG, JPEG, GIF, WebP, BMP, AVIF, HEIC, or `bytes` ends before the size.
 */
export function headerSize(bytes: Uint8Array, format: ImageFormat): HeaderSize | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    switch (format.mime) {
      case 'image/png':
        return { width: view.getUint32(16), height: view.getUint32(20) };
      case 'image/gif':
        return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
      case 'image/bmp':
        return bmpSize(view);
      case 'image/webp':
        return webpSize(view);
      case 'image/jpeg':
        return jpegSize(view);
      case 'image/avif':
      case 'image/heic':
        return largestExtent(view);
      default:
        return null;
    }
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

/** Walks the segments up to the start of a frame (SOF0 … SOF15, but the three markers among them that are none). */
function jpegSize(view: DataView): HeaderSize | null {
  let at = 2;
  while (view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    const startsFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (startsFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    // 0xff before a marker is padding.
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return null;
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
