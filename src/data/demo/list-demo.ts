import { AppError, aborted } from '../../errors.ts';
import type { ListedFile, Listing, ListOptions } from '../listing.ts';
import { composeDemo, type DemoPicture } from './composition.ts';
import { loadDrawings } from './drawings.ts';
import { decodeDrawing, renderView } from './render.ts';

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
