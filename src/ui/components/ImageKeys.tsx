import { Fragment } from 'react';
import styles from './image.module.css';
import { imageKeys } from './image-actions.ts';

interface ImageKeysProps {
  /** What moves the focus among the images: "arrows". */
  readonly move?: string;
  /** Whether images can be selected there. */
  readonly selectable?: boolean;
}

/** The keys of the image in focus, in one line; not shown where there is no keyboard, or no room. */
export function ImageKeys({ move, selectable = false }: ImageKeysProps) {
  return (
    <span className={styles.keys}>
      Keys: {move === undefined ? '' : `${move}, `}
      {imageKeys(selectable).map(({ key, does }, i) => (
        <Fragment key={key}>
          {i === 0 ? '' : ', '}
          <kbd>{key}</kbd> {does}
        </Fragment>
      ))}
      .
    </span>
  );
}
