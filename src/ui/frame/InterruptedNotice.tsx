import { Button } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { jobs } from '../../app/jobs/jobs.ts';
import { openedStore } from '../../app/opened.ts';
import { Notice } from '../components/Notice.tsx';
import { useOpenData } from '../components/open-data.ts';
import { formatCount } from '../format.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import styles from './Frame.module.css';
import { interruptedSentence } from './interrupted-words.ts';

/** On every screen: what a reload, a crash or a closed tab broke off, with the one button that goes on. */
export function InterruptedNotice() {
  const { continueInterrupted, forgetInterrupted } = useActions();
  const interrupted = useStore(jobs.interrupted.store, (state) => state.jobs);
  const resuming = useStore(jobs.interrupted.store, (state) => state.resuming);
  const files = useStore(useWorkspace().dataset, (state) => state.files);
  const rows = useStore(useWorkspace().models, (state) => state.rows);
  const { openFolder } = useOpenData();
  const chooseAndContinue = async () => {
    await openFolder();
    // Nothing was chosen, or nothing in it can be read.
    if (openedStore.getState().workspace.dataset.getState().files === 'here') await continueInterrupted();
  };
  if (resuming !== null) return resuming.of > 1 ? <Resuming {...resuming} /> : null;
  if (interrupted.length === 0) return null;
  const labelOf = (id: string) => rows.find(({ weights }) => weights.id === id)?.weights.label ?? id;
  const filesGone = files === 'gone' && interrupted.some(({ needsInput }) => needsInput);
  return (
    <section className={styles.notice} aria-label="Interrupted work">
      <Notice
        tone="warning"
        role="status"
        icon={<IconPlayerPlay size={20} aria-hidden="true" />}
        action={
          <>
            <Button size="xs" onClick={() => void (filesGone ? chooseAndContinue() : continueInterrupted())}>
              {filesGone ? 'Choose folder and continue' : 'Continue'}
            </Button>
            <Button size="xs" variant="subtle" onClick={() => void forgetInterrupted()}>
              Leave it
            </Button>
          </>
        }
      >
        {interruptedSentence(interrupted, labelOf)} What was computed is kept.
        {filesGone ? ' After a reload the browser cannot read dropped files: choose or drop the same folder.' : ''}
      </Notice>
    </section>
  );
}

/** What is left of a chain starts by itself: one press is enough. */
function Resuming({ number, of }: { readonly number: number; readonly of: number }) {
  return (
    <section className={styles.notice} aria-label="Resumed work">
      <Notice tone="quiet" role="status" icon={<IconPlayerPlay size={20} aria-hidden="true" />}>
        Resuming what was interrupted: job {formatCount(number)} of {formatCount(of)}.{' '}
        {number < of ? 'The next one starts by itself.' : 'It is the last one.'}
      </Notice>
    </section>
  );
}
