import { Button } from '@mantine/core';
import { IconBrowser } from '@tabler/icons-react';
import { jobs, type RemoteJob } from '../../app/jobs/jobs.ts';
import { Notice } from '../components/Notice.tsx';
import { useStore } from '../use-store.ts';
import { useActions } from '../workspace.tsx';
import styles from './Frame.module.css';
import { doneOfTotal, stageOf, timeLeftOf } from './job-words.ts';

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
