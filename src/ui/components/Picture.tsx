import { IconPhotoOff } from '@tabler/icons-react';
import styles from './image.module.css';
import { usePicture } from './use-picture.ts';

interface PictureProps {
  readonly hash: string | null;
  /** Empty where its name stands beside it. */
  readonly alt: string;
  /** Where the picture is, of an image of which nothing is in this browser. */
  readonly url?: string | undefined;
}

/** The whole image from its file, else its thumbnail; its parent says how large. */
export function Picture({ hash, alt, url }: PictureProps) {
  const picture = usePicture(hash, 'original', url);
  if (picture === 'loading') return <span className={styles.skeleton} data-picture="none" aria-hidden="true" />;
  if (picture === null) {
    return (
      <span className={styles.skeleton} data-picture="none">
        <IconPhotoOff size={24} aria-hidden="true" />
        <span className={styles.pictureWords}>No picture kept</span>
      </span>
    );
  }
  return <img className={styles.image} src={picture} alt={alt} decoding="async" draggable={false} />;
}
