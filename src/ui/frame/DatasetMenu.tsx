import { Menu, UnstyledButton } from '@mantine/core';
import {
  IconCheck,
  IconChevronDown,
  IconFolderOpen,
  IconPackageExport,
  IconPackageImport,
  IconPencil,
  IconTrash,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { datasetListStore } from '../../app/dataset/dataset-list.ts';
import { ConfirmDelete } from '../components/ConfirmDelete.tsx';
import { Name } from '../components/Name.tsx';
import { useOpenData } from '../components/open-data.ts';
import { formatCount } from '../format.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { RenameDataset } from './RenameDataset.tsx';
import styles from './TopBar.module.css';

/** The current data set's name; its menu switches, renames and deletes. */
export function DatasetMenu() {
  const { openDatasetFile, openFolder } = useOpenData();
  const { deleteDataset, exportDataset, switchDataset } = useActions();
  const status = useStore(datasetListStore, (state) => state.status);
  const datasets = useStore(datasetListStore, (state) => state.datasets);
  const id = useStore(useWorkspace().dataset, (state) => state.dataset?.id ?? null);
  const name = useStore(useWorkspace().dataset, (state) => state.dataset?.name ?? null);
  const [asking, setAsking] = useState<'rename' | 'delete' | null>(null);
  const close = (): void => setAsking(null);

  if (id === null || name === null) {
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
          {datasets.length > 1
            ? datasets.map((dataset) => (
                <Menu.Item
                  key={dataset.id}
                  leftSection={
                    dataset.id === id ? <IconCheck size={16} aria-label="Current" /> : <span style={{ width: 16 }} />
                  }
                  onClick={() => void switchDataset(dataset.id)}
                >
                  <span className={styles.choice}>
                    <Name>{dataset.name}</Name>
                    <span className={styles.count}>{formatCount(dataset.images)}</span>
                  </span>
                </Menu.Item>
              ))
            : null}
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
          <Menu.Item leftSection={<IconPencil size={16} aria-hidden="true" />} onClick={() => setAsking('rename')}>
            Rename…
          </Menu.Item>
          <Menu.Item leftSection={<IconTrash size={16} aria-hidden="true" />} onClick={() => setAsking('delete')}>
            Delete…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <RenameDataset id={id} name={name} opened={asking === 'rename'} onClose={close} />
      <ConfirmDelete
        opened={asking === 'delete'}
        title="Delete this data set?"
        confirm="Delete the data set"
        onConfirm={() => void deleteDataset(id)}
        onClose={close}
      >
        <Name>{name}</Name> Its list of images, its thumbnails and what was computed for it are deleted from this
        browser. The folder on your disk stays as it is.
      </ConfirmDelete>
    </>
  );
}
