import { IconCheck, IconX } from '@tabler/icons-react';
import styles from './image.module.css';

/** For the element that holds a neighbour's picture; `data-verdict` (verdictOf) stands on it or around it. */
export const framed = styles.framed ?? '';

/** `data-verdict` of a neighbour: whether it is of the query's class; nothing where that is not known. */
export const verdictOf = (right: boolean | null): 'right' | 'wrong' | undefined =>
  right === null ? undefined : right ? 'right' : 'wrong';

interface VerdictSignProps {
  readonly right: boolean | null;
  readonly small?: boolean;
  /** Where the words beside the picture do not say it. */
  readonly named?: boolean;
}

/** The sign in the corner of a framed picture: never the frame's colour alone. */
export function VerdictSign({ right, small = false, named = false }: VerdictSignProps) {
  if (right === null) return null;
  const Sign = right ? IconCheck : IconX;
  const classes = [styles.sign, small ? styles.smallSign : '', right ? '' : styles.wrong].join(' ');
  const sign = <Sign size={small ? 12 : 14} stroke={small ? 3.5 : 3} aria-hidden="true" />;
  return named ? (
    <span className={classes} role="img" aria-label={right ? 'Right class' : 'Wrong class'}>
      {sign}
    </span>
  ) : (
    <span className={classes}>{sign}</span>
  );
}
