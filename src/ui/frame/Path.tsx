import { ActionIcon, Button, VisuallyHidden } from '@mantine/core';
import { IconArrowRight, IconCheck, IconX } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { canScore } from '../../app/comparison/comparison.ts';
import { datasetListStore } from '../../app/dataset/dataset-list.ts';
import { jobs, type Screen } from '../../app/jobs/jobs.ts';
import { pathStore, STEPS, type Step, stepsOf } from '../../app/settings/path.ts';
import { sameEntries, useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import styles from './Path.module.css';
import { plainSentences, stepWords } from './path-words.ts';

/**
 * The five steps on top of a screen: what is done, what is next. As high whatever it says, since it changes by itself; with
 * all steps done it stays until the user goes to another screen.
 */
export function Path({ screen }: { readonly screen: Screen }) {
  const hidden = useStore(pathStore, (state) => state.hidden);
  const loading = useStore(datasetListStore, (state) => state.status === 'loading');
  const plain = useStore(useWorkspace().dataset, ({ images }) => images.length > 0 && !canScore(images));
  const steps = useSteps(plain);
  useSeen(screen);
  if (hidden || loading || screen === 'settings') return null;
  // A new one for each screen.
  return <Strip key={screen} screen={screen} steps={steps} plain={plain} />;
}

interface StripProps {
  readonly screen: Screen;
  /** Null while it is not known what is done. */
  readonly steps: readonly Step[] | null;
  /** Whether no image has a class to compare models by. */
  readonly plain: boolean;
}

function Strip({ screen, steps, plain }: StripProps) {
  const { showPath } = useActions();
  const busy = useStore(jobs.store, (state) => state.running.length > 0);
  const open = steps?.filter(({ done }) => !done).map(({ name }) => name) ?? [];
  const allDone = steps !== null && open.length === 0;
  const [doneBefore] = useState(allDone);
  if (doneBefore) return null;
  const [next] = open;
  // Once models are compared, what is left is to look at it, in whatever order.
  const ways = (next === 'search' ? open : open.slice(0, 1)).filter((name) => name !== screen);
  return (
    <section className={styles.path} aria-label="Steps">
      <ol className={styles.steps}>
        {(steps ?? STEPS.map((name) => ({ name, done: false }))).map(({ name, done }, at) => (
          <li
            key={name}
            className={`${styles.step} ${name === next ? styles.next : ''}`}
            aria-current={name === next ? 'step' : undefined}
          >
            <span className={`${styles.sign} ${done ? styles.done : ''}`} aria-hidden="true">
              {done ? <IconCheck size={12} stroke={3} /> : at + 1}
            </span>
            <span className={styles.label}>{stepWords[name].label}</span>
            <VisuallyHidden>{done ? ', done' : name === next ? ', next' : ''}</VisuallyHidden>
          </li>
        ))}
      </ol>
      <p className={styles.sentence}>
        {busy
          ? 'Work is under way, as the line above says. You can look around meanwhile.'
          : allDone
            ? 'All steps are done.'
            : next === undefined
              ? ''
              : `Next: ${(plain ? plainSentences[next] : null) ?? stepWords[next].sentence}`}
      </p>
      <span className={styles.ways}>
        {busy
          ? null
          : ways.map((name) => (
              <Button
                key={name}
                component={Link}
                href={`/${name}`}
                size="compact-sm"
                variant="light"
                rightSection={<IconArrowRight size={14} aria-hidden="true" />}
              >
                {stepWords[name].label}
              </Button>
            ))}
      </span>
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

/** What is done: a list that stays the same object while nothing changes. */
function useSteps(plain: boolean): readonly Step[] | null {
  const dataset = useStore(useWorkspace().dataset, (state) => state.dataset);
  const comparison = useStore(useWorkspace().comparison, ({ runs, stages }) => ({ runs, stages }), sameEntries);
  const seen = useStore(pathStore, (state) => state.seen);
  const models = useStore(useWorkspace().models, ({ rows, counted }) => ({ rows, counted }), sameEntries);
  return useMemo(
    () => stepsOf({ data: { dataset }, models, comparison, seen, plain }),
    [dataset, models, comparison, seen, plain],
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
