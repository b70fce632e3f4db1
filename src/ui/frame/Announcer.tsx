import { VisuallyHidden } from '@mantine/core';
import { useEffect, useState } from 'react';
import { jobs, type RunningJob } from '../../app/jobs/jobs.ts';
import { spokenJob } from './job-words.ts';

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
