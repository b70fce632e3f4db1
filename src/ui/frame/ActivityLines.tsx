import { Button } from '@mantine/core';
import { useStore } from 'zustand';
import { type Activity, activityStore } from '../../state/activity.ts';
import { ProgressBar } from '../components/ProgressBar.tsx';
import { wholePercent } from '../format.ts';
import styles from './ActivityLines.module.css';
import { doneOfTotal, rateOf, timeLeftOf } from './activity-words.ts';

/** One line for each long operation, on every screen. */
export function ActivityLines() {
  const running = useStore(activityStore, (state) => state.running);
  if (running.length === 0) return null;
  return (
    <section className={styles.lines} aria-label="Running now">
      {running.map((activity) => (
        <Line key={activity.id} activity={activity} />
      ))}
    </section>
  );
}

function Line({ activity }: { readonly activity: Activity }) {
  const { progress, stage } = activity;
  const share = progress === null || progress.total === 0 ? null : progress.done / progress.total;
  return (
    <div className={styles.line}>
      <div className={styles.words}>
        <span className={styles.stage} title={stage}>
          {stage}
        </span>
        <span>{doneOfTotal(activity)}</span>
        <span className={styles.rate}>{rateOf(activity)}</span>
        <span className={styles.left}>{timeLeftOf(activity)}</span>
        <Button
          className={styles.cancel}
          size="compact-sm"
          variant="subtle"
          aria-label={`Cancel: ${stage}`}
          onClick={activity.cancel}
        >
          Cancel
        </Button>
      </div>
      <ProgressBar label={stage} percent={share === null ? null : wholePercent(share)} />
    </div>
  );
}
