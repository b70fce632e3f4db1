import type { ReactNode } from 'react';
import styles from './screen.module.css';

interface ScreenHeaderProps {
  readonly title: string;
  /** One quiet line under the title. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

export function ScreenHeader({ title, children, actions }: ScreenHeaderProps) {
  return (
    <div className={styles.header}>
      <div className={styles.words}>
        <h1 className={styles.title}>{title}</h1>
        {children === undefined ? null : <p className={styles.line}>{children}</p>}
      </div>
      {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
