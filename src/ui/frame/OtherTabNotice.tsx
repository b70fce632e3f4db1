import { Button } from '@mantine/core';
import { IconBrowser } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { takeOver } from '../../state/actions.ts';
import { otherTabStore, type RemoteActivity } from '../../state/other-tab.ts';
import { Notice } from '../components/Notice.tsx';
import { doneOfTotal, timeLeftOf } from './activity-words.ts';
import styles from './Frame.module.css';

/** On every screen: what another tab does with the same data set, and the button that goes on with it here. */
export function OtherTabNotice() {
  const working = useStore(otherTabStore, (state) => state.working);
  const takingOver = useStore(otherTabStore, (state) => state.takingOver);
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
function said(activity: RemoteActivity): string {
  const facts = [doneOfTotal(activity), timeLeftOf(activity)].filter((fact) => fact !== '');
  return `${[activity.stage, ...(facts.length > 0 ? [facts.join(', ')] : [])].join(': ')}.`;
}
