import { Button } from '@mantine/core';
import { IconBrowser, IconPlayerPlay, IconRefresh } from '@tabler/icons-react';
import { jobs, type RemoteJob } from '../../app/jobs/jobs.ts';
import { leftToEmbed } from '../../app/models/models.ts';
import { installationStore } from '../../app/settings/install.ts';
import { FOLDER_AGAIN } from '../../errors.ts';
import { BROWSER_ASKS, Notice } from '../components/Notice.tsx';
import { useOpenData } from '../components/open-data.ts';
import { formatCount } from '../format.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import styles from './frame.module.css';
import { doneOfTotal, interruptedSentence, type KnownModels, stageOf, timeLeftOf } from './job-words.ts';
import { datasetSize } from './marks.ts';

/** Another version of the app is there; it is taken when the user says so. */
export function UpdateNotice() {
  const { takeUpdate } = useActions();
  const update = useStore(installationStore, (state) => state.update);
  if (update === 'none') return null;
  return (
    <Notice
      tone="quiet"
      role="status"
      icon={<IconRefresh size={20} aria-hidden="true" />}
      action={
        <Button size="xs" onClick={() => takeUpdate()}>
          Reload now
        </Button>
      }
    >
      {update === 'ready'
        ? 'A new version of Likeness is ready. Reload to use it; what is computed is kept.'
        : 'Another tab uses a new version of Likeness by now. Reload to use it here too; what is computed is kept.'}
    </Notice>
  );
}

/** On every screen: what another tab does with the same data set, and the button that goes on with it here. */
export function OtherTabNotice() {
  const { takeOver } = useActions();
  const working = useStore(jobs.otherTab.store, (state) => state.working);
  const takingOver = useStore(jobs.otherTab.store, (state) => state.takingOver);
  if (working === null && !takingOver) return null;
  return (
    <section className={styles.notice} aria-label="Work in another tab">
      <Notice
        tone="quiet"
        icon={<IconBrowser size={20} aria-hidden="true" />}
        action={
          <Button size="xs" variant="default" loading={takingOver} onClick={() => void takeOver()}>
            Take over
          </Button>
        }
      >
        Another tab works on this data set. {(working ?? []).map(said).join(' ')} Its results appear here when it ends.
      </Notice>
    </section>
  );
}

/** "Embedding with ResNet-50: 312 / 849 images, 40 s left." */
function said(job: RemoteJob): string {
  const facts = [doneOfTotal(job), timeLeftOf(job)].filter((fact) => fact !== '');
  return `${[stageOf(job), ...(facts.length > 0 ? [facts.join(', ')] : [])].join(': ')}.`;
}

/** On every screen: what a reload, a crash or a closed tab broke off, with the one button that goes on. */
export function InterruptedNotice() {
  const { continueInterrupted, forgetInterrupted } = useActions();
  const interrupted = useStore(jobs.interrupted.store, (state) => state.jobs);
  const resuming = useStore(jobs.interrupted.store, (state) => state.resuming);
  const files = useStore(useWorkspace().dataset, (state) => state.files);
  const asking = useStore(useWorkspace().dataset, (state) => state.asking);
  const rows = useStore(useWorkspace().models, (state) => state.rows);
  const counted = useStore(useWorkspace().models, (state) => state.counted);
  const images = useStore(useWorkspace().dataset, datasetSize);
  const { openFolderAgain } = useOpenData();
  const chooseAndContinue = async () => {
    if (await openFolderAgain()) await continueInterrupted();
  };
  if (resuming !== null) return resuming.of > 1 ? <Resuming {...resuming} /> : null;
  if (interrupted.length === 0) return null;
  const rowOf = (id: string) => rows.find(({ weights }) => weights.id === id);
  const models: KnownModels = {
    labelOf: (id) => rowOf(id)?.weights.label ?? id,
    embeddedWith(id) {
      const row = rowOf(id);
      return counted && images > 0 && row
        ? { done: row.embedded, total: row.embedded + leftToEmbed(row, images) }
        : null;
    },
  };
  const filesGone = files === 'gone' && interrupted.some(({ needsInput }) => needsInput);
  return (
    <section className={styles.notice} aria-label="Interrupted work">
      <Notice
        tone="warning"
        role="status"
        icon={<IconPlayerPlay size={20} aria-hidden="true" />}
        action={
          <>
            <Button
              size="xs"
              loading={asking}
              onClick={() => void (filesGone ? chooseAndContinue() : continueInterrupted())}
            >
              {filesGone ? 'Choose folder and continue' : 'Continue'}
            </Button>
            <Button size="xs" variant="subtle" onClick={() => void forgetInterrupted()}>
              Leave it
            </Button>
          </>
        }
      >
        {interruptedSentence(interrupted, models)} What was computed is kept.
        {asking ? ` ${BROWSER_ASKS}` : ''}
        {filesGone ? ` After a reload the browser cannot read the files by itself: ${FOLDER_AGAIN}.` : ''}
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
        {number < of ? 'The next one starts automatically.' : 'This is the last one.'}
      </Notice>
    </section>
  );
}
