import { AppError, aborted } from '../../errors.ts';
import type { ListedFile, Listing, ListOptions } from '../listing.ts';
import { composeDemo, type DemoPicture, type View } from './composition.ts';
import { type Drawing, loadDrawings } from './drawings.ts';

/**
 * Lists the demo as if its folder had been dropped. Throws AppError 'download-failed' where the drawings cannot be
 * loaded.
 */
export async function listDemo({ signal, onCount }: ListOptions): Promise<Listing> {
  await loadDrawings();
  if (signal.aborted) throw aborted();
  const files = demoFiles();
  onCount?.(files.length);
  return { files, directories: [], problems: [] };
}

/**
 * The demo's files. A picture is drawn when its file is opened, so that drawing shows its progress, is cancelled and goes
 * on where it stopped as the reading of any other folder does; once drawn, it is kept (all of them are about 10 MB).
 */
export function demoFiles(): ListedFile[] {
  const easel = createEasel();
  return composeDemo().map((picture) => ({
    path: picture.path,
    bytes: null,
    version: 'drawn',
    open: () => easel(picture),
  }));
}

/** Draws pictures, each drawing decoded once and each picture drawn once. */
function createEasel(): (picture: DemoPicture) => Promise<Blob> {
  const decoded = new Map<string, Promise<HTMLImageElement>>();
  const drawn = new Map<string, Promise<Blob>>();
  const decode = ({ hand, kind }: DemoPicture): Promise<HTMLImageElement> =>
    kept(decoded, `${hand}/${kind}`, async () => {
      const drawing = (await loadDrawings())[hand]?.[kind];
      if (!drawing) throw new AppError('internal', `The demo has no drawing of ${kind} by ${hand}.`);
      return decodeDrawing(drawing);
    });
  return (picture) => kept(drawn, picture.path, async () => renderView(await decode(picture), picture.view));
}

/** What was made under this name, else what `make` makes now. A failure is not kept: the next call tries again. */
function kept<T>(made: Map<string, Promise<T>>, name: string, make: () => Promise<T>): Promise<T> {
  const known = made.get(name);
  if (known) return known;
  const fresh = make();
  made.set(name, fresh);
  fresh.catch(() => made.delete(name));
  return fresh;
}

/** Side at which a drawing is decoded; it is a vector drawing, so canvases get it sharp at any size. */
const INTRINSIC_SIDE = 256;
const JPEG_QUALITY = 0.9;

/**
 * A drawing as an image that can be put on canvases. Needs the page: no worker decodes SVG. Our own build made the
 * drawing, and as an image it runs no script and loads nothing.
 * Rejects where the browser cannot decode it.
 */
async function decodeDrawing({ width, height, body }: Drawing): Promise<HTMLImageElement> {
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
function renderView(drawing: CanvasImageSource, view: View): Promise<Blob> {
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
