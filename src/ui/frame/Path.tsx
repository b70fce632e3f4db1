import { ActionIcon, Button, VisuallyHidden } from '@mantine/core';
import { IconArrowRight, IconCheck, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { canFineTune } from '../../app/comparison/comparison.ts';
import { datasetListStore } from '../../app/dataset/dataset-list.ts';
import { jobs, type Screen } from '../../app/jobs/jobs.ts';
import { pathStore, STEPS, type Step } from '../../app/settings/path.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import styles from './navigation.module.css';
import { type PathSituation, pathSaid, stepWords } from './path-words.ts';
import { usePlain, useSteps } from './use-steps.ts';

/**
 * The five steps on top of a screen: what is done, what is next. Its height is the same whatever it says, since it changes without user action; with
 * all steps done it stays until the user goes to another screen.
 */
export function Path({ screen }: { readonly screen: Screen }) {
  const hidden = useStore(pathStore, (state) => state.hidden);
  const loading = useStore(datasetListStore, (state) => state.status === 'loading');
  const steps = useSteps();
  useSeen(screen);
  if (hidden || loading || screen === 'settings') return null;
  // A new one for each screen.
  return <Strip key={screen} screen={screen} steps={steps} />;
}

interface StripProps {
  readonly screen: Screen;
  /** Null while it is not known what is done. */
  readonly steps: readonly Step[] | null;
}

function Strip({ screen, steps }: StripProps) {
  const { showPath } = useActions();
  const plain = usePlain();
  // Before a data set is open, the usual path is shown.
  const fineTunes = useStore(useWorkspace().dataset, ({ images }) => images.length === 0 || canFineTune(images));
  const opened = useStore(useWorkspace().dataset, (state) => state.dataset !== null);
  const outdated = useStore(useWorkspace().comparison, (state) => state.outdated.length > 0);
  const working = useWorking();
  const next = steps?.find(({ done }) => !done)?.name;
  const [doneBefore] = useState(steps !== null && next === undefined);
  if (doneBefore) return null;
  const { sentence, ways } = pathSaid({ steps, opened, plain, fineTunes, outdated, working });
  return (
    <section className={styles.path} aria-label="Steps">
      <ol className={styles.steps}>
        {(steps ?? STEPS.map((name) => ({ name, done: false }))).map(({ name, done }, at) => (
          <li
            key={name}
            className={`${styles.step} ${name === next ? styles.nextStep : ''}`}
            aria-current={name === next ? 'step' : undefined}
          >
            <span className={`${styles.stepSign} ${done ? styles.stepDone : ''}`} aria-hidden="true">
              {done ? <IconCheck size={12} stroke={3} /> : at + 1}
            </span>
            <span className={styles.stepLabel}>{stepWords[name].label}</span>
            <VisuallyHidden>{done ? ', done' : name === next ? ', next' : ''}</VisuallyHidden>
          </li>
        ))}
      </ol>
      <p className={styles.sentence}>{sentence}</p>
      <span className={styles.ways}>
        {ways
          .filter((name) => name !== screen)
          .map((name) => (
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

/** As the notices under the strip say it. */
function useWorking(): PathSituation['working'] {
  const here = useStore(jobs.store, (state) => state.running.length > 0);
  const elsewhere = useStore(jobs.otherTab.store, (state) => state.working !== null);
  const interrupted = useStore(jobs.interrupted.store, (state) => state.jobs.length > 0);
  if (here) return 'here';
  return elsewhere ? 'elsewhere' : interrupted ? 'interrupted' : null;
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
