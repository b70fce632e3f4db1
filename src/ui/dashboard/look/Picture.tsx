import { IconPhotoOff } from '@tabler/icons-react';
import { usePicture } from '../../components/use-picture.ts';
import styles from './LookQuery.module.css';

interface PictureProps {
  readonly hash: string | null;
  /** Empty where its name stands beside it. */
  readonly alt: string;
}

/** The whole image from its file, else its thumbnail. */
export function Picture({ hash, alt }: PictureProps) {
  const picture = usePicture(hash, 'original');
  if (picture === 'loading') return <span className={styles.skeleton} aria-hidden="true" />;
  if (picture === null) {
    return (
      <span className={styles.skeleton}>
        <IconPhotoOff size={24} aria-hidden="true" />
        <span className={styles.quiet}>No picture kept</span>
      </span>
    );
  }
  return <img className={styles.image} src={picture} alt={alt} decoding="async" draggable={false} />;
}
