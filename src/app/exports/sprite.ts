import { AppError, aborted } from '../../errors.ts';
import type { SpriteLayout } from '../../exports/projector.ts';
import { getThumbnail } from '../../storage/thumbnails.ts';
import { database } from '../context.ts';

/** Thumbnails read and decoded side by side. */
const AT_ONCE = 16;
const GREY = '#8a8d94';

/** The sprite as PNG: whole thumbnails in the middle of their squares, on grey where there is none. `missing` counts those. */
export async function drawSprite(
  hashes: readonly string[],
  { tile, columns, width, height }: SpriteLayout,
  signal: AbortSignal,
  onDrawn: (images: number) => void,
): Promise<{ png: Blob; missing: number }> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context)
    throw new AppError('internal', 'This browser draws no pictures of that size. Export without thumbnails.');
  context.fillStyle = GREY;
  context.fillRect(0, 0, width, height);
  let missing = 0;
  for (let start = 0; start < hashes.length; start += AT_ONCE) {
    if (signal.aborted) throw aborted();
    const bitmaps = await Promise.all(hashes.slice(start, start + AT_ONCE).map((hash) => pictureOf(hash, tile)));
    bitmaps.forEach((bitmap, i) => {
      if (!bitmap) {
        missing++;
        return;
      }
      const [column, row] = [(start + i) % columns, Math.floor((start + i) / columns)];
      const x = column * tile + Math.floor((tile - bitmap.width) / 2);
      context.drawImage(bitmap, x, row * tile + Math.floor((tile - bitmap.height) / 2));
      bitmap.close();
    });
    onDrawn(bitmaps.length);
  }
  return { png: await canvas.convertToBlob({ type: 'image/png' }), missing };
}

/** Decoded at the size of its square, its longer side filling it. */
async function pictureOf(hash: string, tile: number): Promise<ImageBitmap | null> {
  const thumbnail = await getThumbnail(database, hash);
  if (!thumbnail) return null;
  const factor = tile / Math.max(thumbnail.width, thumbnail.height);
  const side = (length: number) => Math.max(1, Math.round(length * factor));
  return createImageBitmap(thumbnail.blob, {
    resizeWidth: side(thumbnail.width),
    resizeHeight: side(thumbnail.height),
    resizeQuality: 'medium',
  }).catch(() => null);
}
