import { ActionIcon, Button, VisuallyHidden } from '@mantine/core';
import { IconArrowRight, IconCheck, IconX } from '@tabler/icons-react';
import { useEffect } from 'react';
import { Link } from 'wouter';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { datasetListStore } from '../../app/dataset/dataset-list.ts';
import { jobs, type Screen } from '../../app/jobs/jobs.ts';
import { pathStore, STEPS, type StepName, stepsOf } from '../../app/settings/path.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import styles from './Path.module.css';
import { stepWords } from './path-words.ts';

/** The five steps on top of a screen: what is done, what is next, until all are done or the user takes them away. */
export function Path({ screen }: { readonly screen: Screen }) {
  const { showPath } = useActions();
  const hidden = useStore(pathStore, (state) => state.hidden);
  const loading = useStore(datasetListStore, (state) => state.status === 'loading');
  const done = useDone();
  const busy = useStore(jobs.store, (state) => state.running.length > 0);
  useSeen(screen);
  const next = STEPS.find((name) => !done.includes(name));
  if (hidden || loading || next === undefined || screen === 'settings') return null;
  return (
    <section className={styles.path} aria-label="Steps">
      <ol className={styles.steps}>
        {STEPS.map((name, at) => (
          <li
            key={name}
            className={`${styles.step} ${name === next ? styles.next : ''}`}
            aria-current={name === next ? 'step' : undefined}
          >
            <span className={`${styles.sign} ${done.includes(name) ? styles.done : ''}`} aria-hidden="true">
              {done.includes(name) ? <IconCheck size={12} stroke={3} /> : at + 1}
            </span>
            <span className={styles.label}>{stepWords[name].label}</span>
            <VisuallyHidden>{done.includes(name) ? ', done' : name === next ? ', next' : ''}</VisuallyHidden>
          </li>
        ))}
      </ol>
      <p className={styles.sentence}>
        {busy
          ? 'Work is under way, as the line above says. You can look around meanwhile.'
          : `Next: ${stepWords[next].sentence}`}
      </p>
      {busy || next === screen ? null : (
        <Button
          component={Link}
          href={`/${next}`}
          size="compact-sm"
          variant="light"
          rightSection={<IconArrowRight size={14} aria-hidden="true" />}
        >
          {stepWords[next].label}
        </Button>
      )}
      <ActionIcon
        className={styles.hide}
        variant="subtle"
        color="gray"
        aria-label="Hide the steps"
        title="Hide the steps; Settings shows them again"
        onClick={() => showPath(false)}
      >
        <IconX size={16} aria-hidden="true" />
      </ActionIcon>
    </section>
  );
}

/** Names of the steps that are done: a list that stays the same object while nothing changes. */
function useDone(): readonly StepName[] {
  const dataset = useStore(useWorkspace().dataset, (state) => state.dataset);
  const runs = useStore(useWorkspace().comparison, (state) => state.runs);
  const seen = useStore(pathStore, (state) => state.seen);
  return useStore(
    useWorkspace().models,
    useShallow(({ rows }) =>
      stepsOf({ data: { dataset }, models: { rows }, comparison: { runs }, seen }).flatMap(({ name, done }) =>
        done ? [name] : [],
      ),
    ),
  );
}

/** The last two steps are done once there was something to see on their screens. */
function useSeen(screen: Screen): void {
  const { markSeen } = useActions();
  const searched = useStore(useWorkspace().search, (state) => state.query !== null);
  const compared = useStore(useWorkspace().comparison, (state) => state.runs.length > 0);
  useEffect(() => {
    if (screen === 'search' && searched) markSeen('search');
    if (screen === 'dashboard' && compared) markSeen('dashboard');
  }, [screen, searched, compared, markSeen]);
}
