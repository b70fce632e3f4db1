import { IconDatabase } from '@tabler/icons-react';
import { Link } from 'wouter';
import { settingsStore } from '../../app/settings/settings.ts';
import { formatBytes } from '../format.ts';
import { useStore } from '../use-store.ts';
import styles from './TopBar.module.css';

export function StorageUsed() {
  const used = useStore(settingsStore, (state) => state.storage.usedBytes);
  if (used === null) return null;
  return (
    <Link
      href="/settings"
      className={`${styles.quiet} ${styles.storage}`}
      aria-label={`${formatBytes(used)} stored in this browser; open the settings`}
    >
      <IconDatabase size={16} aria-hidden="true" />
      {formatBytes(used)}
    </Link>
  );
}
