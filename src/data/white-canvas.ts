import type { PixelSource } from './crop.ts';

let canvas: OffscreenCanvas | null = null;

/**
 * Draws a rectangle of a bitmap over white, scaled to `width` × `height`. The canvas is one for all calls, so that
 * memory stays flat over thousands of images: use what is on it before anything else can run.
 */
function drawOverWhite(
  bitmap: ImageBitmap,
  from: { x: number; y: number; width: number; height: number },
  width: number,
  height: number,
): OffscreenCanvasRenderingContext2D {
  canvas ??= new OffscreenCanvas(width, height);
  // Assigning a side, even the same, would make the browser allocate again.
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  // Kept in main memory: the pixels are read back at once.
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  if (!context) throw new Error('The browser gives no 2D canvas to a worker.');
  context.imageSmoothingQuality = 'high';
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, from.x, from.y, from.width, from.height, 0, 0, width, height);
  return context;
}

/** A bitmap's pixels over white, for cropInto. The bitmap stays the caller's. */
export function pixelsOverWhite(bitmap: ImageBitmap): PixelSource {
  return {
    width: bitmap.width,
    height: bitmap.height,
    read: (x, y, width, height) =>
      drawOverWhite(bitmap, { x, y, width, height }, width, height).getImageData(0, 0, width, height).data,
  };
}

/** About 9 kB at 200 pixels, without visible blocks. */
const QUALITY = 0.7;

export type ThumbnailType = 'image/jpeg' | 'image/webp';

/** Width and height with the longest side at most `side`: never enlarged, never below one pixel. */
function thumbnailSize(width: number, height: number, side: number): [number, number] {
  const factor = Math.min(1, side / Math.max(width, height));
  return [Math.max(1, Math.round(width * factor)), Math.max(1, Math.round(height * factor))];
}

/**
 * A small picture of the whole image, transparent parts over white, without the file's metadata (place, camera, time). A
 * JPEG unless another type is asked for, since not every browser encodes WebP. The bitmap stays the caller's.
 */
export function thumbnail(bitmap: ImageBitmap, side: number, type: ThumbnailType = 'image/jpeg'): Promise<Blob> {
  const { width, height } = bitmap;
  const context = drawOverWhite(bitmap, { x: 0, y: 0, width, height }, ...thumbnailSize(width, height, side));
  return context.canvas.convertToBlob({ type, quality: QUALITY });
}
