import { ActionIcon, Button } from '@mantine/core';
import { IconAlertTriangle, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { type Failure, jobs, type Remedy, type Screen } from '../../app/jobs/jobs.ts';
import { FOLDER_AGAIN } from '../../errors.ts';
import { formatSentence } from '../format.ts';
import { sameEntries, useStore } from '../use-store.ts';
import { useWorkspace } from '../workspace.tsx';
import { useOpenData } from './open-data.ts';
import styles from './status.module.css';

/** What a notice says while the browser’s own question waits, which is easily overlooked. */
export const BROWSER_ASKS = `The browser asks whether the folder may be read; allow it, or ${FOLDER_AGAIN}.`;

interface NoticeProps {
  readonly tone: 'warning' | 'wrong' | 'quiet';
  readonly icon: ReactNode;
  readonly children: ReactNode;
  readonly action?: ReactNode;
  readonly role?: 'alert' | 'status';
}

/** A sentence that stands where its matter is, with the button that mends it. */
export function Notice({ tone, icon, children, action, role }: NoticeProps) {
  return (
    <div className={`${styles.notice} ${styles[tone]}`} role={role}>
      <span className={styles.icon}>{icon}</span>
      <p className={styles.text} dir="auto">
        {children}
      </p>
      {action === undefined ? null : <div className={styles.action}>{action}</div>}
    </div>
  );
}

/** The failures of one screen, where they happened, and what concerns every screen, until they are dismissed. */
export function Failures({ screen }: { readonly screen: Screen }) {
  const failures = useStore(
    jobs.store,
    (state) => state.failures.filter((failure) => failure.screen === screen || failure.screen === null),
    sameEntries,
  );
  return failures.map((failure) => (
    <Notice
      key={failure.id}
      tone={failure.tone}
      role={failure.tone === 'wrong' ? 'alert' : 'status'}
      icon={<IconAlertTriangle size={20} aria-hidden="true" />}
      action={
        <>
          {failure.remedy === null ? null : <RemedyButton failure={failure} remedy={failure.remedy} />}
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label="Dismiss this message"
            onClick={() => jobs.dismiss(failure.id)}
          >
            <IconX size={16} aria-hidden="true" />
          </ActionIcon>
        </>
      }
    >
      {formatSentence(failure.message)}
    </Notice>
  ));
}

/** While the files are missing it asks for their folder first: without them the remedy would only fail again. */
function RemedyButton({ failure, remedy }: { readonly failure: Failure; readonly remedy: Remedy }) {
  const files = useStore(useWorkspace().dataset, (state) => state.files);
  const { openFolderAgain } = useOpenData();
  const folderFirst = failure.code === 'files-gone' && files === 'gone';
  const mend = async () => {
    if (folderFirst && !(await openFolderAgain())) return;
    jobs.dismiss(failure.id);
    remedy.run();
  };
  return (
    <Button size="xs" variant="default" onClick={() => void mend()}>
      {folderFirst ? 'Choose folder and continue' : formatSentence(remedy.label)}
    </Button>
  );
}
