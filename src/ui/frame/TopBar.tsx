import { DatasetMenu } from './DatasetMenu.tsx';
import { EngineChip } from './EngineChip.tsx';
import { StorageUsed } from './StorageUsed.tsx';
import { ThemeToggle } from './ThemeToggle.tsx';
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
