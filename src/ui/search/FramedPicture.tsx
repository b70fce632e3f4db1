import { type RefObject, useState } from 'react';
import type { CropFrame } from '../../types.ts';
import { CropControl, percentBox, useDrawnFrame } from './crop/CropControl.tsx';
import { isWhole, seenPart } from './crop/frame.ts';
import styles from './FramedPicture.module.css';

interface FramedPictureProps {
  readonly url: string;
  readonly alt: string;
  /** Share of the shorter side that the model sees; null where the model sees all. */
  readonly cropPct: number | null;
  /** The part that is searched with; null is all of it. */
  readonly crop: CropFrame | null;
  readonly onCrop: (crop: CropFrame | null) => void;
  /** Whether the frame is shown: it has been asked for. */
  readonly framing: boolean;
  readonly control: RefObject<HTMLDivElement | null>;
}

/** The query; where it is being cropped, with the frame, and in it the square that the network sees: what it does not see is dim. */
export function FramedPicture({ url, alt, cropPct, crop, onCrop, framing, control }: FramedPictureProps) {
  const [size, setSize] = useState<{ readonly width: number; readonly height: number } | null>(null);
  const [frame, draw] = useDrawnFrame(crop, onCrop);
  const seen = size === null || !framing ? null : seenPart(frame, cropPct, size);
  return (
    <div className={styles.framed}>
      <img
        className={styles.image}
        src={url}
        alt={alt}
        draggable={false}
        onLoad={({ currentTarget }) =>
          setSize({ width: currentTarget.naturalWidth, height: currentTarget.naturalHeight })
        }
      />
      {seen === null || isWhole(seen) ? null : (
        <div
          className={cropPct === null ? styles.seen : `${styles.seen} ${styles.square}`}
          title="What the model sees"
          style={percentBox(seen)}
        />
      )}
      {size === null || !framing ? null : <CropControl frame={frame} onDraw={draw} control={control} />}
    </div>
  );
}
