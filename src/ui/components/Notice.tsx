import type { ReactNode } from 'react';
import styles from './status.module.css';

/** What a notice says while the browser’s own question waits, which is easily overlooked. */
export const BROWSER_ASKS = 'The browser asks whether the folder may be read; allow it, or drop the folder again.';

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
