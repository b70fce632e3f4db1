import type { ModelRow } from '../../app/models/models.ts';
import { formatAmount } from '../format.ts';
import styles from './ModelsScreen.module.css';

/** Over which queries the scores were taken. */
export function ScoresNote({ rows }: { readonly rows: readonly ModelRow[] }) {
  const scores = rows.find((row) => row.scores !== null)?.scores ?? null;
  if (scores === null) return null;
  return (
    <p className={styles.note}>
      Scores in per cent, of the models without fine-tuning, over {formatAmount(scores.queries, 'query', 'queries')}
      {scores.skipped === 0
        ? '.'
        : `; ${formatAmount(scores.skipped, 'query', 'queries')} left out, since no gallery image has their class.`}
    </p>
  );
}
