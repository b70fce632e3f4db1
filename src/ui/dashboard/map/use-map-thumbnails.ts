import { useCallback, useEffect, useRef } from 'react';
import type { ReadImage } from '../../../app/dashboard/embedding-map.ts';
import { useActions } from '../../workspace.tsx';

/** Pictures kept: more than are shown at once. */
const KEPT = 1000;
/** Read at once: what is asked for last is seen now. */
const AT_ONCE = 8;
/** Pixels of a side: enough for a thumbnail at its largest. */
const SIDE = 128;

/** Thumbnails as a canvas takes them, by point; null while one is on its way. `repaint` is called when some have come. */
export function useMapThumbnails(
  images: readonly ReadImage[],
  repaint: () => void,
): (point: number) => ImageBitmap | null {
  const { thumbnailUrl, releaseUrl } = useActions();
  const latest = useRef(images);
  useEffect(() => {
    latest.current = images;
  });
  const held = useRef<ReturnType<typeof keeper> | null>(null);
  useEffect(
    () => () => {
      held.current?.close();
      held.current = null;
    },
    [],
  );
  return useCallback(
    (point) => {
      const hash = latest.current[point]?.hash;
      if (hash === undefined) return null;
      held.current ??= keeper(async (wanted) => {
        const url = await thumbnailUrl(wanted);
        if (url === null) return null;
        try {
          const image = new Image();
          image.src = url;
          await image.decode();
          const scale = SIDE / Math.min(image.naturalWidth, image.naturalHeight);
          return await createImageBitmap(image, {
            resizeWidth: Math.max(1, Math.round(image.naturalWidth * Math.min(1, scale))),
            resizeHeight: Math.max(1, Math.round(image.naturalHeight * Math.min(1, scale))),
            resizeQuality: 'medium',
          });
        } finally {
          releaseUrl(url);
        }
      }, repaint);
      return held.current.pictureOf(hash);
    },
    [thumbnailUrl, releaseUrl, repaint],
  );
}

/** Reads pictures a few at a time, those asked for last first, and lets the ones go that were not looked at for longest. */
function keeper(read: (hash: string) => Promise<ImageBitmap | null>, arrived: () => void) {
  /** In the order in which they were looked at; null where there is none. */
  const pictures = new Map<string, ImageBitmap | null>();
  const waiting = new Set<string>();
  const reading = new Set<string>();
  let closed = false;
  const next = (): void => {
    const hash = [...waiting].at(-1);
    if (hash === undefined || reading.size >= AT_ONCE) return;
    waiting.delete(hash);
    reading.add(hash);
    // One that cannot be decoded stays a point.
    void read(hash)
      .catch(() => null)
      .then((picture) => {
        reading.delete(hash);
        if (closed) return picture?.close();
        pictures.set(hash, picture);
        for (const [oldest, old] of pictures) {
          if (pictures.size <= KEPT) break;
          pictures.delete(oldest);
          old?.close();
        }
        arrived();
        next();
      });
  };
  return {
    pictureOf(hash: string): ImageBitmap | null {
      const picture = pictures.get(hash);
      if (picture !== undefined) {
        pictures.delete(hash);
        pictures.set(hash, picture);
        return picture;
      }
      if (!reading.has(hash)) {
        waiting.delete(hash);
        waiting.add(hash);
        // What is seen no more is not read.
        if (waiting.size > KEPT) waiting.delete([...waiting][0] ?? '');
        next();
      }
      return null;
    },
    close() {
      closed = true;
      for (const picture of pictures.values()) picture?.close();
      pictures.clear();
      waiting.clear();
    },
  };
}
