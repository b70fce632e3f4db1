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
