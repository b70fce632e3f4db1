import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { type Activity, activityStore } from '../../state/activity.ts';
import { ProgressBar } from '../components/ProgressBar.tsx';
import { wholePercent } from '../format.ts';
import styles from './ActivityLines.module.css';
import { doneOfTotal, rateOf, timeLeftOf } from './activity-words.ts';

/** One line for each long operation, on every screen; they lie over what ActivityRoom keeps free. */
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

/**
 * Always as high as one line, so that work that begins or ends by itself moves nothing; higher for several. Publishes
 * their number as `--activity-lines`: what a screen keeps in sight stays under them.
 */
export function ActivityRoom() {
  const lines = useStore(activityStore, (state) => state.running.length);
  useEffect(() => {
    document.documentElement.style.setProperty('--activity-lines', String(lines));
  }, [lines]);
  return (
    <div
      className={styles.room}
      style={{ height: `calc(${Math.max(1, lines)} * var(--activity-height))` }}
      aria-hidden="true"
    />
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
