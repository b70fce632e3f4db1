import { IconPhotoOff } from '@tabler/icons-react';
import styles from './image.module.css';
import { usePicture } from './use-picture.ts';

interface ThumbnailProps {
  /** Null until the file has been read. */
  readonly hash: string | null;
  /** The file's name; empty where it stands beside the picture. */
  readonly alt: string;
  /** `cover` cuts to a square tile; `contain` shows all of it. */
  readonly fit?: 'cover' | 'contain';
  /** Where the picture is, of an image of which nothing is in this browser. */
  readonly url?: string | undefined;
}

/** Fills its parent: a skeleton until the image has been read, then the stored thumbnail. */
export function Thumbnail({ hash, alt, fit = 'cover', url }: ThumbnailProps) {
  const picture = usePicture(hash, 'thumbnail', url);
  if (picture === 'loading') {
    return <span className={styles.thumbnailSkeleton} {...spoken(alt, hash === null ? 'not read yet' : null)} />;
  }
  if (picture === null) {
    return (
      <span className={styles.thumbnailMissing} {...spoken(alt, 'no thumbnail')}>
        <IconPhotoOff size={20} aria-hidden="true" />
      </span>
    );
  }
  return (
    <img
      className={styles.thumbnail}
      src={picture}
      alt={alt}
      decoding="async"
      style={{ objectFit: fit }}
      draggable={false}
    />
  );
}

/** What takes the picture's place is named as the picture would be, or hidden with it. */
function spoken(alt: string, state: string | null) {
  if (alt === '') return { 'aria-hidden': true } as const;
  return { role: 'img', 'aria-label': state === null ? alt : `${alt}, ${state}` } as const;
}
