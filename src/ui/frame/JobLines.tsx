import { Button, VisuallyHidden } from '@mantine/core';
import { useEffect, useState } from 'react';
import { jobs, type RunningJob } from '../../app/jobs/jobs.ts';
import { ProgressBar } from '../components/Progress.tsx';
import { wholePercent } from '../format.ts';
import { useStore } from '../use-store.ts';
import styles from './frame.module.css';
import { doneOfTotal, rateOf, shareOf, spokenJob, stageOf, timeLeftOf } from './job-words.ts';

/** One line for each running job, on every screen; they lie over what JobRoom keeps free. */
export function JobLines() {
  const running = useStore(jobs.store, (state) => state.running);
  if (running.length === 0) return null;
  return (
    <section className={styles.jobLines} aria-label="Running now">
      {running.map((job) => (
        <Line key={job.id} job={job} />
      ))}
    </section>
  );
}

/**
 * Always as high as one line with some space below it, so that work that starts or ends on its own moves nothing; higher for
 * several. Publishes their number as `--job-lines`: what a screen keeps in sight stays under them. On phones the lines lie over the
 * bottom, where the end of the page makes room for them.
 */
export function JobRoom() {
  const lines = useStore(jobs.store, (state) => state.running.length);
  useEffect(() => {
    document.documentElement.style.setProperty('--job-lines', String(lines));
  }, [lines]);
  return <div className={styles.jobRoom} aria-hidden="true" />;
}

function Line({ job }: { readonly job: RunningJob }) {
  const share = shareOf(job);
  const stage = stageOf(job);
  return (
    <div>
      <div className={styles.jobWords}>
        <span className={styles.jobStage} title={stage}>
          {stage}
        </span>
        <span>{doneOfTotal(job)}</span>
        <span className={styles.jobRate}>{rateOf(job)}</span>
        <span className={styles.jobLeft}>{timeLeftOf(job)}</span>
        <Button
          className={styles.jobCancel}
          size="compact-sm"
          variant="subtle"
          aria-label={job.stopping ? `Stopping: ${job.stage}` : `Cancel: ${job.stage}`}
          {...(job.stopping ? { 'aria-disabled': true, 'data-disabled': true } : { onClick: job.cancel })}
        >
          {job.stopping ? 'Stopping…' : 'Cancel'}
        </Button>
      </div>
      <div className={styles.jobBar}>
        <ProgressBar label={stage} percent={share === null ? null : wholePercent(share)} />
      </div>
    </div>
  );
}

/** Screen readers hear of progress this often; starts and ends are said at once. */
const INTERVAL_MS = 10_000;

function sameJobs(a: readonly RunningJob[], b: readonly RunningJob[]): boolean {
  return a.length === b.length && a.every(({ id, stage }, at) => id === b[at]?.id && stage === b[at].stage);
}

/** Says the running work politely. It reads the store outside React, so that a tick renders nothing. */
export function Announcer() {
  const [words, setWords] = useState('');

  useEffect(() => {
    const say = (): void => setWords(jobs.store.getState().running.map(spokenJob).join('; '));
    const unsubscribe = jobs.store.subscribe((state, previous) => {
      if (sameJobs(state.running, previous.running)) return;
      const ended = previous.running.filter((old) => !state.running.some((job) => job.id === old.id));
      if (ended.length === 0) say();
      else setWords(ended.map(({ stage }) => `${stage}: ended`).join('; '));
    });
    const timer = setInterval(() => {
      if (jobs.store.getState().running.length > 0) say();
    }, INTERVAL_MS);
    return () => {
      unsubscribe();
      clearInterval(timer);
    };
  }, []);

  return (
    <VisuallyHidden role="status" aria-live="polite">
      {words}
    </VisuallyHidden>
  );
}
