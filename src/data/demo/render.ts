import type { View } from './composition.ts';
import type { Drawing } from './drawings.ts';

/** Side at which a drawing is decoded; it is a vector drawing, so canvases get it sharp at any size. */
const INTRINSIC_SIDE = 256;
const JPEG_QUALITY = 0.9;

/**
 * A drawing as an image that can be put on canvases. Needs the page: no worker decodes SVG. Our own build made the
 * drawing, and as an image it runs no script and loads nothing.
 * Rejects where the browser cannot decode it.
 */
export async function decodeDrawing({ width, height, body }: Drawing): Promise<HTMLImageElement> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${INTRINSIC_SIDE}" height="${INTRINSIC_SIDE}">${body}</svg>`;
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** The picture of a view as a JPEG file; the same bytes at every call in one browser. */
export function renderView(drawing: CanvasImageSource, view: View): Promise<Blob> {
  const { side, scale, rotation, x, y, background } = view;
  const canvas = new OffscreenCanvas(side, side);
  // In main memory: a graphics card may round another way from one start of the browser to the next.
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  if (!context) throw new Error('The browser gives no 2D canvas.');
  const slope = (background.slope * Math.PI) / 180;
  const [dx, dy] = [(Math.cos(slope) * side) / 2, (Math.sin(slope) * side) / 2];
  const fill = context.createLinearGradient(side / 2 - dx, side / 2 - dy, side / 2 + dx, side / 2 + dy);
  fill.addColorStop(0, background.from);
  fill.addColorStop(1, background.to);
  context.fillStyle = fill;
  context.fillRect(0, 0, side, side);
  context.translate(x * side, y * side);
  context.rotate((rotation * Math.PI) / 180);
  const size = scale * side;
  context.drawImage(drawing, -size / 2, -size / 2, size, size);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: JPEG_QUALITY });
}
