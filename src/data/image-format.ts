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
export const SVG: ImageFormat = { name: 'SVG', mime: 'image/svg+xml', universal: false };

/** Bytes that a file begins with, as Latin-1 text. */
const SIGNATURES: readonly (readonly [string, ImageFormat])[] = [
  ['\xff\xd8\xff', JPEG],
  ['\x89PNG\r\n\x1a\n', PNG],
  ['GIF87a', GIF],
  ['GIF89a', GIF],
  ['BM', BMP],
  ['\0\0\x01\0', ICO],
  // A cursor is an icon with a hot spot.
  ['\0\0\x02\0', ICO],
  ['II*\0', TIFF],
  ['MM\0*', TIFF],
  ['II+\0', TIFF],
  ['MM\0+', TIFF],
  ['\0\0\0\x0cjP  \r\n\x87\n', JPEG_2000],
  ['\xff\x4f\xff\x51', JPEG_2000],
  ['\xff\x0a', JPEG_XL],
  ['\0\0\0\x0cJXL \r\n\x87\n', JPEG_XL],
  ['8BPS', PHOTOSHOP],
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
  const text = new TextDecoder().decode(head.subarray(0, SVG_SEARCH)).trimStart();
  return text.startsWith('<') && /<svg[\s>]/i.test(text) ? SVG : null;
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}
