import { IconPhotoOff } from '@tabler/icons-react';
import styles from './Thumbnail.module.css';
import { usePicture } from './use-picture.ts';

interface ThumbnailProps {
  /** Null until the file has been read. */
  readonly hash: string | null;
  /** The file's name. */
  readonly alt: string;
  /** `cover` cuts to a square tile; `contain` shows all of it. */
  readonly fit?: 'cover' | 'contain';
}

/** Fills its parent: a skeleton until the image has been read, then the stored thumbnail. */
export function Thumbnail({ hash, alt, fit = 'cover' }: ThumbnailProps) {
  const picture = usePicture(hash, 'thumbnail');
  if (picture === 'loading') {
    return <span className={styles.skeleton} role="img" aria-label={hash === null ? `${alt}, not read yet` : alt} />;
  }
  if (picture === null) {
    return (
      <span className={styles.missing} role="img" aria-label={`${alt}, no thumbnail`}>
        <IconPhotoOff size={20} aria-hidden="true" />
      </span>
    );
  }
  return (
    <img
      className={styles.image}
      src={picture}
      alt={alt}
      decoding="async"
      style={{ objectFit: fit }}
      draggable={false}
    />
  );
}
