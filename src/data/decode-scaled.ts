import type { HeaderSize } from './image-size.ts';

/** Decoders have short ways to half of the sides and less; to more of them they take longer than to all. */
const MOST_EIGHTHS = 4;

/**
 * Eighths of its sides to which a JPEG is decoded so that its shorter side keeps at least `shorterSide` pixels: the decoder
 * computes what coarser pixels need, and leaves out the rest. Null where that saves nothing.
 */
export function eighthsFor({ width, height }: HeaderSize, shorterSide: number): number | null {
  const eighths = Math.ceil((8 * shorterSide) / Math.min(width, height));
  return eighths <= MOST_EIGHTHS ? eighths : null;
}

/**
 * Whether `decodeScaled` works here: where secure pages have `ImageDecoder` and its frames say how they are turned, so that EXIF's
 * orientation is not lost on the way (Chromium).
 */
export function scalesJpegs(): boolean {
  return 'ImageDecoder' in globalThis && 'VideoFrame' in globalThis && 'rotation' in VideoFrame.prototype;
}

/**
 * A JPEG decoded to that number of eighths of its sides, rounded up; upright, colour profile ignored; `size` is the whole image's,
 * upright too. The bitmap is the caller's to close.
 */
export async function decodeScaled(
  file: Blob,
  { width, height }: HeaderSize,
  eighths: number,
): Promise<{ bitmap: ImageBitmap; size: HeaderSize }> {
  const decoder = new ImageDecoder({
    data: await file.arrayBuffer(),
    type: 'image/jpeg',
    colorSpaceConversion: 'none',
    preferAnimation: false,
    // The largest scale that goes beyond neither is taken.
    desiredWidth: Math.ceil((width * eighths) / 8),
    desiredHeight: Math.ceil((height * eighths) / 8),
  });
  try {
    const { image } = await decoder.decode();
    try {
      const bitmap = await createImageBitmap(image, {
        imageOrientation: 'from-image',
        colorSpaceConversion: 'none',
        premultiplyAlpha: 'none',
      });
      const turned = Number(Reflect.get(image, 'rotation')) % 180 !== 0;
      return { bitmap, size: turned ? { width: height, height: width } : { width, height } };
    } finally {
      image.close();
    }
  } finally {
    decoder.close();
  }
}
