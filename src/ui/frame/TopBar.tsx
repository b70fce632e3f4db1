import { ActionIcon, useComputedColorScheme } from '@mantine/core';
import { IconDatabase, IconMoon, IconSun } from '@tabler/icons-react';
import { Link } from 'wouter';
import { settingsStore } from '../../app/settings/settings.ts';
import { formatBytes } from '../format.ts';
import { useStore } from '../use-store.ts';
import { useActions } from '../workspace.tsx';
import { DatasetMenu } from './DatasetMenu.tsx';
import { EngineChip } from './EngineChip.tsx';
import styles from './TopBar.module.css';

export function TopBar() {
  return (
    <header className={styles.bar}>
      <DatasetMenu />
      <div className={styles.side}>
        <EngineChip />
        <StorageUsed />
        <ThemeToggle />
      </div>
    </header>
  );
}

function StorageUsed() {
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

function ThemeToggle() {
  const { setTheme } = useActions();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'light' ? 'dark' : 'light';
  const Sign = other === 'dark' ? IconMoon : IconSun;
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={32}
      c="dimmed"
      aria-label={`Use the ${other} theme`}
      title={`Use the ${other} theme`}
      onClick={() => setTheme(other)}
    >
      <Sign size={18} aria-hidden="true" />
    </ActionIcon>
  );
}
