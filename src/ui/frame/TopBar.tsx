import { ActionIcon, Menu, UnstyledButton, useComputedColorScheme } from '@mantine/core';
import {
  IconCheck,
  IconChevronDown,
  IconDatabase,
  IconFolderOpen,
  IconMoon,
  IconPackageExport,
  IconPackageImport,
  IconPencil,
  IconSun,
  IconTrash,
} from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Link } from 'wouter';
import { datasetListStore } from '../../app/dataset/dataset-list.ts';
import { settingsStore } from '../../app/settings/settings.ts';
import { Name } from '../components/Name.tsx';
import { useOpenData } from '../components/open-data.ts';
import { formatBytes, formatCount, formatMoment } from '../format.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import type { DatasetQuestion } from './DatasetDialogs.tsx';
import { EngineChip } from './EngineChip.tsx';
import styles from './frame.module.css';

export function TopBar() {
  return (
    <header className={styles.topBar}>
      <DatasetMenu />
      <div className={styles.topSide}>
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

// Dialogs come with their first use: the first screen needs none.
const DatasetDialogs = lazy(() => import('./DatasetDialogs.tsx'));

/** The current data set's name; its menu switches, renames and deletes. */
function DatasetMenu() {
  const { openDatasetFile, openFolder } = useOpenData();
  const { exportDataset, switchDataset } = useActions();
  const status = useStore(datasetListStore, (state) => state.status);
  const datasets = useStore(datasetListStore, (state) => state.datasets);
  const id = useStore(useWorkspace().dataset, (state) => state.dataset?.id ?? null);
  const name = useStore(useWorkspace().dataset, (state) => state.dataset?.name ?? null);
  const [asking, setAsking] = useState<DatasetQuestion | null>(null);
  // Once there they stay, to close as they open.
  const [asked, setAsked] = useState(false);
  const ask = (question: DatasetQuestion): void => {
    setAsking(question);
    setAsked(true);
  };

  const choices = datasets.map((dataset) => (
    <Menu.Item
      key={dataset.id}
      leftSection={dataset.id === id ? <IconCheck size={16} aria-label="Current" /> : <span style={{ width: 16 }} />}
      onClick={() => void switchDataset(dataset.id)}
    >
      <span className={styles.choice}>
        <Name>{dataset.name}</Name>
        <span className={styles.count}>
          {datasets.some((other) => other !== dataset && other.name === dataset.name)
            ? `opened ${formatMoment(dataset.createdAt)}, ${formatCount(dataset.images)}`
            : formatCount(dataset.images)}
        </span>
      </span>
    </Menu.Item>
  ));
  if (id === null || name === null) {
    if (status !== 'loading' && datasets.length > 0) return <Unopened choices={choices} />;
    return <span className={styles.noData}>{status === 'loading' ? '' : 'No data set yet'}</span>;
  }
  return (
    <>
      <Menu position="bottom-start" width={300} classNames={{ itemLabel: styles.itemLabel ?? '' }}>
        <Menu.Target>
          <UnstyledButton className={styles.dataset} aria-label={`Data set: ${name}`}>
            <Name>{name}</Name>
            <IconChevronDown size={16} aria-hidden="true" />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {datasets.length > 1 ? <Menu.Label>Switch to</Menu.Label> : null}
          {datasets.length > 1 ? choices : null}
          {datasets.length > 1 ? <Menu.Divider /> : null}
          <Menu.Item leftSection={<IconFolderOpen size={16} aria-hidden="true" />} onClick={() => void openFolder()}>
            Open another folder…
          </Menu.Item>
          <Menu.Item
            leftSection={<IconPackageImport size={16} aria-hidden="true" />}
            onClick={() => void openDatasetFile()}
          >
            Import a data set…
          </Menu.Item>
          <Menu.Item
            leftSection={<IconPackageExport size={16} aria-hidden="true" />}
            onClick={() => void exportDataset()}
          >
            Export as one file
          </Menu.Item>
          <Menu.Item leftSection={<IconPencil size={16} aria-hidden="true" />} onClick={() => ask('rename')}>
            Rename…
          </Menu.Item>
          <Menu.Item leftSection={<IconTrash size={16} aria-hidden="true" />} onClick={() => ask('delete')}>
            Delete…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asked ? (
        <Suspense fallback={null}>
          <DatasetDialogs id={id} name={name} asking={asking} onClose={() => setAsking(null)} />
        </Suspense>
      ) : null}
    </>
  );
}

/** Data sets are stored, and none of them is open: they can still be opened. */
function Unopened({ choices }: { readonly choices: ReactNode }) {
  return (
    <Menu position="bottom-start" width={300} classNames={{ itemLabel: styles.itemLabel ?? '' }}>
      <Menu.Target>
        <UnstyledButton className={styles.dataset}>
          No data set open
          <IconChevronDown size={16} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Open</Menu.Label>
        {choices}
      </Menu.Dropdown>
    </Menu>
  );
}
