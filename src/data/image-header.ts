/** What a file's first bytes say it is. */
export interface ImageFormat {
  /** For people: "TIFF". */
  readonly name: string;
  readonly mime: string;
  /** True where every browser decodes it, so that a refusal means damage. */
  readonly universal: boolean;
}

const JPEG: ImageFormat = { name: 'JPEG', mime: 'image/jpeg', universal: true };
const PNG: ImageFormat = { name: 'PNG', mime: 'image/png', universal: true };
const GIF: ImageFormat = { name: 'GIF', mime: 'image/gif', universal: true };
const WEBP: ImageFormat = { name: 'WebP', mime: 'image/webp', universal: true };
const BMP: ImageFormat = { name: 'BMP', mime: 'image/bmp', universal: true };
const ICO: ImageFormat = { name: 'ICO', mime: 'image/x-icon', universal: true };
const AVIF: ImageFormat = { name: 'AVIF', mime: 'image/avif', universal: false };
const HEIC: ImageFormat = { name: 'HEIC', mime: 'image/heic', universal: false };
const TIFF: ImageFormat = { name: 'TIFF (or camera raw)', mime: 'image/tiff', universal: false };
const JPEG_2000: ImageFormat = { name: 'JPEG 2000', mime: 'image/jp2', universal: false };
const JPEG_XL: ImageFormat = { name: 'JPEG XL', mime: 'image/jxl', universal: false };
const PHOTOSHOP: ImageFormat = { name: 'Photoshop', mime: 'image/vnd.adobe.photoshop', universal: false };
const TGA: ImageFormat = { name: 'TGA', mime: 'image/x-tga', universal: false };
const PNM: ImageFormat = { name: 'PPM (PNM)', mime: 'image/x-portable-anymap', universal: false };
const DICOM: ImageFormat = { name: 'DICOM', mime: 'application/dicom', universal: false };
const foreign = (name: string, mime: string): ImageFormat => ({ name, mime, universal: false });
export const SVG: ImageFormat = { name: 'SVG', mime: 'image/svg+xml', universal: false };

/** Bytes that a file begins with, as Latin-1 text. */
const SIGNATURES: readonly (readonly [string, ImageFormat])[] = [
  ['\xff\xd8\xff', JPEG],
  ['\x89PNG\r\n\x1a\n', PNG],
  ['GIF87a', GIF],
  ['GIF89a', GIF],
  ['II*\0', TIFF],
  ['MM\0*', TIFF],
  ['II+\0', TIFF],
  ['MM\0+', TIFF],
  ['\0\0\0\x0cjP  \r\n\x87\n', JPEG_2000],
  ['\xff\x4f\xff\x51', JPEG_2000],
  ['\xff\x0a', JPEG_XL],
  ['\0\0\0\x0cJXL \r\n\x87\n', JPEG_XL],
  ['8BPS', PHOTOSHOP],
  ['\x76\x2f\x31\x01', foreign('OpenEXR', 'image/x-exr')],
  ['#?RADIANCE', foreign('Radiance HDR', 'image/vnd.radiance')],
  ['#?RGBE', foreign('Radiance HDR', 'image/vnd.radiance')],
  ['DDS \x7c\0\0\0', foreign('DDS', 'image/vnd-ms.dds')],
  ['qoif', foreign('QOI', 'image/qoi')],
];

const HEIC_BRANDS: readonly string[] = ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1'];
/** Some files name a dozen brands of four bytes. */
const MAX_BRAND_BYTES = 1024;
/** How far into a text an `<svg` counts: licence comments may precede it. */
const SVG_SEARCH = 4096;

/** Recognises an image file by its first bytes (a few kB are enough); null where they are of no image known here. */
export function recogniseFormat(head: Uint8Array): ImageFormat | null {
  const start = latin1(head, 0, 16);
  if (start.startsWith('RIFF') && start.slice(8, 12) === 'WEBP') return WEBP;
  if (start.slice(4, 8) === 'ftyp') {
    // The first brand, then those that the file is compatible with, which decoders go by.
    const boxBytes = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(0);
    const brands = latin1(head, 8, Math.min(boxBytes, MAX_BRAND_BYTES));
    if (/avi[fs]/.test(brands)) return AVIF;
    return HEIC_BRANDS.includes(brands.slice(0, 4)) ? HEIC : null;
  }
  const signed = SIGNATURES.find(([signature]) => start.startsWith(signature));
  if (signed) return signed[1];
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (isBitmap(start, view)) return BMP;
  if (isIcon(view)) return ICO;
  if (/^P[1-7]\s+(#|\d+\s|WIDTH)/.test(start)) return PNM;
  if (latin1(head, 128, 132) === 'DICM') return DICOM;
  if (isTga(view)) return TGA;
  const text = textOf(head);
  return text.startsWith('<') && !isWebPage(text) && /<svg[\s>]/i.test(text) ? SVG : null;
}

const textOf = (head: Uint8Array) => new TextDecoder().decode(head.subarray(0, SVG_SEARCH)).trimStart();
const isWebPage = (text: string) => /^<(!doctype\s+html|html|head|body)\b/i.test(text);

/** What a failed download left in place of an image, to follow "it is"; null for anything else. */
export function inPlaceOfImage(head: Uint8Array): string | null {
  const text = textOf(head);
  if (isWebPage(text)) return 'a web page (HTML), as a failed download leaves it';
  if (text.startsWith('version https://git-lfs')) return 'a Git LFS pointer; run “git lfs pull” where it came from';
  return null;
}

/** Two letters alone would make bitmaps of texts: the length of the second header must be one that there is. */
function isBitmap(start: string, view: DataView): boolean {
  return (
    start.startsWith('BM') &&
    view.byteLength >= 18 &&
    [12, 16, 40, 52, 56, 64, 108, 124].includes(view.getUint32(14, true))
  );
}

/** An icon, or a cursor (an icon with a hot spot): a directory of pictures that lie behind it. TGA files begin alike. */
function isIcon(view: DataView): boolean {
  if (view.byteLength < 22 || view.getUint16(0, true) !== 0 || ![1, 2].includes(view.getUint16(2, true))) return false;
  const pictures = view.getUint16(4, true);
  return pictures > 0 && view.getUint8(9) === 0 && view.getUint32(18, true) >= 6 + 16 * pictures;
}

/** It has no signature: a header whose every field makes sense. */
function isTga(view: DataView): boolean {
  if (view.byteLength < 18) return false;
  const kind = view.getUint8(2);
  const mapped = kind === 1 || kind === 9;
  const grey = kind === 3 || kind === 11;
  if (!mapped && !grey && kind !== 2 && kind !== 10) return false;
  const mapBits = view.getUint8(7);
  const depths = mapped ? [8, 16] : grey ? [8, 16] : [15, 16, 24, 32];
  return (
    view.getUint8(1) === (mapped ? 1 : 0) &&
    (mapped ? [15, 16, 24, 32].includes(mapBits) : mapBits === 0) &&
    view.getUint16(12, true) > 0 &&
    view.getUint16(14, true) > 0 &&
    depths.includes(view.getUint8(16)) &&
    (view.getUint8(17) & 0xc0) === 0
  );
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

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
