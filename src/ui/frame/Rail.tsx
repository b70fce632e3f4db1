import { IconAlertTriangleFilled, IconCheck } from '@tabler/icons-react';
import { Link, useLocation } from 'wouter';
import { Ring } from '../components/Progress.tsx';
import { type ScreenEntry, screenAt, screens } from '../screens.tsx';
import type { Mark } from './marks.ts';
import styles from './navigation.module.css';

export function Rail() {
  return (
    <nav className={styles.rail} aria-label="Screens">
      <div className={styles.brand}>
        <Logo />
        <span className={styles.label}>Likeness</span>
      </div>
      <ul className={styles.list}>
        {screens.map((entry) => (
          <li key={entry.id}>
            <RailEntry entry={entry} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function RailEntry({ entry }: { readonly entry: ScreenEntry }) {
  const [path] = useLocation();
  const mark = entry.useMark();
  const current = screenAt(path) === entry;
  return (
    <Link
      href={entry.path}
      className={styles.entry}
      aria-current={current ? 'page' : undefined}
      aria-label={mark.words === '' ? entry.label : `${entry.label}, ${mark.words}`}
      title={mark.words === '' ? entry.label : `${entry.label}: ${mark.words}`}
    >
      <span className={styles.icon}>
        <entry.icon size={20} stroke={1.6} aria-hidden="true" />
        <MarkSign mark={mark} />
      </span>
      <span className={styles.label}>{entry.label}</span>
    </Link>
  );
}

function MarkSign({ mark }: { readonly mark: Mark }) {
  switch (mark.kind) {
    case 'running':
      return (
        <span className={styles.sign}>
          <Ring percent={mark.percent} />
        </span>
      );
    case 'done':
      return (
        <span className={`${styles.sign} ${styles.done}`}>
          <IconCheck size={14} stroke={2.6} aria-hidden="true" />
        </span>
      );
    case 'attention':
      return (
        <span className={`${styles.sign} ${styles.attention}`}>
          <IconAlertTriangleFilled size={14} aria-hidden="true" />
        </span>
      );
    case 'empty':
    case 'ready':
      return (
        <span className={styles.sign}>
          <span className={styles[mark.kind]} />
        </span>
      );
    case 'none':
      return null;
  }
}

/** Two pictures that overlap: likeness. Also public/favicon.svg. */
function Logo() {
  return (
    <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
      <rect x="2" y="2" width="14" height="14" rx="3" fill="var(--accent-ink)" opacity="0.45" />
      <rect x="8" y="8" width="14" height="14" rx="3" fill="var(--accent-ink)" />
    </svg>
  );
}
