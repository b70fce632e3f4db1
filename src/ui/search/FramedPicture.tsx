import { useState } from 'react';
import styles from './FramedPicture.module.css';

interface FramedPictureProps {
  readonly url: string;
  readonly alt: string;
  /** Share of the shorter side that the model sees; null where the model sees all. */
  readonly cropPct: number | null;
}

/** The query with the square that the network sees marked. */
export function FramedPicture({ url, alt, cropPct }: FramedPictureProps) {
  const [size, setSize] = useState<{ readonly width: number; readonly height: number } | null>(null);
  const side = size === null || cropPct === null ? null : Math.min(size.width, size.height) * cropPct;
  return (
    <div className={styles.framed}>
      <img
        className={styles.image}
        src={url}
        alt={alt}
        onLoad={({ currentTarget }) =>
          setSize({ width: currentTarget.naturalWidth, height: currentTarget.naturalHeight })
        }
      />
      {size === null || side === null ? null : (
        <div
          className={styles.crop}
          title="The square that the model sees"
          style={{
            width: `${(side / size.width) * 100}%`,
            height: `${(side / size.height) * 100}%`,
          }}
        />
      )}
    </div>
  );
}
