import type { RowScore } from '../../core/result-rows.ts';
import type { Metric } from '../../metrics/registry.ts';
import { formatMetric, formatMetricInterval } from '../format.ts';
import styles from './runs.module.css';

interface ScoreCellProps {
  readonly score: RowScore | null;
  readonly metric: Metric;
  /** The best of its column. */
  readonly best?: boolean;
}

/** The value; under it the 95 % interval, or the standard deviation over seeds. */
export function ScoreCell({ score, metric: { format }, best = false }: ScoreCellProps) {
  if (score === null) {
    return (
      <span className={styles.none} role="img" aria-label="not known">
        –
      </span>
    );
  }
  const value = formatMetric(score.value, format);
  return (
    <>
      {best ? <strong>{value}</strong> : value}
      {score.deviation === null ? null : (
        <span className={styles.second}>± {formatMetric(score.deviation, format)}</span>
      )}
      {score.interval === null ? null : (
        <span className={styles.second}>{formatMetricInterval(score.interval, format)}</span>
      )}
    </>
  );
}
