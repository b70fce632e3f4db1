import { ActionIcon, Button } from '@mantine/core';
import { IconAlertTriangle, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { jobs, type Screen } from '../../app/jobs/jobs.ts';
import { FOLDER_AGAIN } from '../../errors.ts';
import { formatSentence } from '../format.ts';
import { sameEntries, useStore } from '../use-store.ts';
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
          {failure.remedy === null ? null : (
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                jobs.dismiss(failure.id);
                failure.remedy?.run();
              }}
            >
              {formatSentence(failure.remedy.label)}
            </Button>
          )}
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
