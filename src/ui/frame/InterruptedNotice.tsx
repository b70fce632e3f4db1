import { Button } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { continueInterrupted, forgetInterrupted } from '../../state/actions.ts';
import { datasetStore } from '../../state/datasets.ts';
import { jobs } from '../../state/jobs.ts';
import { modelsStore } from '../../state/models.ts';
import { Notice } from '../components/Notice.tsx';
import { openFolder } from '../components/open-data.ts';
import styles from './Frame.module.css';
import { interruptedSentence } from './interrupted-words.ts';

/** On every screen: what a reload, a crash or a closed tab broke off, with the one button that goes on. */
export function InterruptedNotice() {
  const interrupted = useStore(jobs.interrupted.store, (state) => state.jobs);
  const files = useStore(datasetStore, (state) => state.files);
  const rows = useStore(modelsStore, (state) => state.rows);
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

async function chooseAndContinue(): Promise<void> {
  await openFolder();
  // Nothing was chosen, or nothing in it can be read.
  if (datasetStore.getState().files === 'here') await continueInterrupted();
}
