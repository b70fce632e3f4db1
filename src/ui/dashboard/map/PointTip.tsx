import type { ReadImage } from '../../../app/dashboard/embedding-map.ts';
import { Name } from '../../components/Name.tsx';
import { Thumbnail } from '../../components/Thumbnail.tsx';
import { fileName } from '../../format.ts';
import styles from './map.module.css';
import { splitNames } from './map-words.ts';
import type { Place, Size } from './view.ts';

const WIDTH = 220;
const HEIGHT = 92;
const AWAY = 14;

interface PointTipProps {
  readonly image: ReadImage;
  /** The point's place on the canvas. */
  readonly at: Place;
  /** The canvas's size: the tip stays within it. */
  readonly size: Size;
}

/** What a point is: its picture, class, split and file. Read out where the focus is on the map. */
export function PointTip({ image, at, size }: PointTipProps) {
  const left = at.x + AWAY + WIDTH > size.width ? at.x - AWAY - WIDTH : at.x + AWAY;
  const top = Math.min(size.height - HEIGHT - 4, Math.max(4, at.y - HEIGHT / 2));
  return (
    <div
      className={styles.tip}
      style={{ left: Math.max(4, Math.min(left, size.width - WIDTH - 4)), top, width: WIDTH, height: HEIGHT }}
      role="status"
    >
      <span className={styles.picture}>
        <Thumbnail hash={image.hash} alt="" />
      </span>
      <span className={styles.words}>
        <strong>{image.className === null ? 'Class unknown' : <Name>{image.className}</Name>}</strong>
        <span className={styles.quiet}>{splitNames[image.split]}</span>
        <Name className={styles.quiet}>{fileName(image.file)}</Name>
      </span>
    </div>
  );
}
