import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { RowScore } from '../../core/result-rows.ts';
import type { Metric } from '../../metrics/registry.ts';
import { Explain } from '../components/Explain.tsx';
import { formatMetric, formatMetricInterval } from '../format.ts';
import type { Order } from './result-order.ts';
import styles from './runs.module.css';

interface SortedHeadProps<Column> {
  readonly by: Column;
  readonly order: Order<Column>;
  readonly onOrder: (order: Order<Column>) => void;
  /** Numbers stand at the end of their column. */
  readonly numeric?: boolean;
  /** Whether the first press sorts from high to low, the default for numbers. */
  readonly descends?: boolean;
  readonly explanation?: ReactNode;
  readonly children: ReactNode;
}

/** A column's head that sorts by it; a second press turns the order round. */
export function SortedHead<Column>(props: SortedHeadProps<Column>) {
  const { by, order, onOrder, numeric = false, descends = numeric, explanation = null, children } = props;
  const chosen = order.by === by;
  const Arrow = order.descending ? IconArrowDown : IconArrowUp;
  return (
    <th
      scope="col"
      className={numeric ? styles.numeric : undefined}
      aria-sort={chosen ? (order.descending ? 'descending' : 'ascending') : undefined}
    >
      <span className={styles.term}>
        <button
          type="button"
          className={styles.sort}
          onClick={() => onOrder({ by, descending: chosen ? !order.descending : descends })}
        >
          {chosen ? <Arrow size={14} aria-hidden="true" /> : null}
          {children}
        </button>
        {explanation}
      </span>
    </th>
  );
}

/** What a metric says, behind a small sign. */
export function MetricExplanation({ metric: { term, explanation } }: { readonly metric: Metric }) {
  return (
    <Explain term={term}>
      <p>{explanation}</p>
    </Explain>
  );
}

/** Metrics that differ in k alone are explained once, at the last of them. */
export const isExplained = (metrics: readonly Metric[], at: number): boolean =>
  metrics[at]?.term !== metrics[at + 1]?.term;

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
