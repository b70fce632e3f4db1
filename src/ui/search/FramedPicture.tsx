import { type RefObject, useEffect, useState } from 'react';
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
  /** Whether the frame is shown. */
  readonly framing: boolean;
  /** Whether it gets the focus when it comes: it has been asked for by a button that is gone. */
  readonly focused: boolean;
  readonly control: RefObject<HTMLDivElement | null>;
}

/** The query; where it is being cropped, with the frame, and in it the square that the network sees: what it does not see is dim. */
export function FramedPicture({ url, alt, cropPct, crop, onCrop, framing, focused, control }: FramedPictureProps) {
  const [size, setSize] = useState<{ readonly width: number; readonly height: number } | null>(null);
  const [frame, draw] = useDrawnFrame(crop, onCrop);
  const seen = size === null || !framing ? null : seenPart(frame, cropPct, size);
  const framed = size !== null && framing;
  useEffect(() => {
    if (framed && focused && document.activeElement === document.body) control.current?.focus({ preventScroll: true });
  }, [framed, focused, control]);
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
      {framed ? <CropControl frame={frame} onDraw={draw} control={control} /> : null}
    </div>
  );
}
