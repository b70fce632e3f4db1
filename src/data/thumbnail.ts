import { drawOverWhite } from './white-canvas.ts';

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
