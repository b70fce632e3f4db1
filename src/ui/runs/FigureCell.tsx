import type { Figure } from '../../state/result-rows.ts';
import { formatInterval, formatShare } from '../format.ts';
import styles from './runs.module.css';

interface FigureCellProps {
  readonly figure: Figure | null;
  /** The highest of its column. */
  readonly best?: boolean;
}

/** Per cent with one digit; under it the 95 % interval, or the standard deviation over seeds. */
export function FigureCell({ figure, best = false }: FigureCellProps) {
  if (figure === null) {
    return (
      <span className={styles.none} role="img" aria-label="not measured">
        –
      </span>
    );
  }
  const { share, interval, deviation } = figure;
  return (
    <>
      {best ? <strong>{formatShare(share)}</strong> : formatShare(share)}
      {deviation === null ? null : <span className={styles.second}>± {formatShare(deviation)}</span>}
      {interval === null ? null : <span className={styles.second}>{formatInterval(interval)}</span>}
    </>
  );
}
