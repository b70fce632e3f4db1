import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { jobs, type RunningJob } from '../../app/jobs/jobs.ts';
import { ProgressBar } from '../components/ProgressBar.tsx';
import { wholePercent } from '../format.ts';
import { useStore } from '../use-store.ts';
import styles from './JobLines.module.css';
import { doneOfTotal, rateOf, shareOf, stageOf, timeLeftOf } from './job-words.ts';

/** One line for each running job, on every screen; they lie over what JobRoom keeps free. */
export function JobLines() {
  const running = useStore(jobs.store, (state) => state.running);
  if (running.length === 0) return null;
  return (
    <section className={styles.lines} aria-label="Running now">
      {running.map((job) => (
        <Line key={job.id} job={job} />
      ))}
    </section>
  );
}

/**
 * Always as high as one line and some air under it, so that work that begins or ends by itself moves nothing; higher for
 * several. Publishes their number as `--job-lines`: what a screen keeps in sight stays under them.
 */
export function JobRoom() {
  const lines = useStore(jobs.store, (state) => state.running.length);
  useEffect(() => {
    document.documentElement.style.setProperty('--job-lines', String(lines));
  }, [lines]);
  return (
    <div
      className={styles.room}
      style={{ height: `calc(${Math.max(1, lines)} * var(--job-height) + var(--space-2))` }}
      aria-hidden="true"
    />
  );
}

function Line({ job }: { readonly job: RunningJob }) {
  const share = shareOf(job);
  const stage = stageOf(job);
  return (
    <div className={styles.line}>
      <div className={styles.words}>
        <span className={styles.stage} title={stage}>
          {stage}
        </span>
        <span>{doneOfTotal(job)}</span>
        <span className={styles.rate}>{rateOf(job)}</span>
        <span className={styles.left}>{timeLeftOf(job)}</span>
        <Button
          className={styles.cancel}
          size="compact-sm"
          variant="subtle"
          aria-label={job.stopping ? `Stopping: ${job.stage}` : `Cancel: ${job.stage}`}
          {...(job.stopping ? { 'aria-disabled': true, 'data-disabled': true } : { onClick: job.cancel })}
        >
          {job.stopping ? 'Stopping…' : 'Cancel'}
        </Button>
      </div>
      <div className={styles.bar}>
        <ProgressBar label={stage} percent={share === null ? null : wholePercent(share)} />
      </div>
    </div>
  );
}
