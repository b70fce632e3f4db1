import { Button } from '@mantine/core';
import { IconDatabaseExclamation } from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import type { ModelRow } from '../../app/models/models.ts';
import { settingsStore } from '../../app/settings/settings.ts';
import { type StorageTrouble, storageTroubleStore } from '../../app/settings/storage-trouble.ts';
import { Notice } from '../components/Notice.tsx';
import { usedWords } from '../components/storage-words.ts';
import { formatBytes } from '../format.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import styles from './frame.module.css';

// Dialogs come with their first use: the first screen needs none.
const FreeSpace = lazy(() => import('../settings/StorageParts.tsx').then(({ FreeSpace }) => ({ default: FreeSpace })));

/** What is the matter with storing, on every screen, with what can be done about it. */
export function StorageNotice() {
  const { refreshStorage } = useActions();
  const trouble = useStore(storageTroubleStore, (state) => state.trouble);
  const [freeing, setFreeing] = useState(false);
  const full = trouble?.kind === 'full';
  useEffect(() => {
    if (full) void refreshStorage();
    else setFreeing(false);
  }, [full, refreshStorage]);
  if (trouble === null) return null;
  return (
    <div className={styles.storageNotice}>
      <Notice
        tone="warning"
        role="alert"
        icon={<IconDatabaseExclamation size={20} aria-hidden="true" />}
        action={<Actions kind={trouble.kind} onFree={() => setFreeing(true)} />}
      >
        {full ? <FullWords /> : wordsOf(trouble)}
      </Notice>
      {full ? (
        <Suspense fallback={null}>
          <FreeSpace opened={freeing} onClose={() => setFreeing(false)} />
        </Suspense>
      ) : null}
    </div>
  );
}

const wordsOf = ({ kind, message }: StorageTrouble): string =>
  kind === 'memory'
    ? `Nothing that is made here is stored: it lasts until this tab is closed. Everything else works. ${message}`
    : message;

function FullWords(): ReactNode {
  const storage = useStore(settingsStore, (state) => state.storage);
  const unstored = useStore(storageTroubleStore, (state) => state.unstoredBytes);
  const waiting =
    unstored === 0
      ? ''
      : ` ${formatBytes(unstored)} more are in this tab alone, and are stored once there is room: do not close it before.`;
  // A limit far away is not what was met: browsers hide the true one, and the disk has its own.
  const near = storage.quotaBytes !== null && (storage.usedBytes ?? 0) > storage.quotaBytes / 2;
  const used = usedWords(near ? storage : { ...storage, quotaBytes: null });
  return `The browser has no room left for this app: ${used}. What was stored before is kept.${waiting} Delete what you do not need, or free disk space.`;
}

function Actions({ kind, onFree }: { readonly kind: StorageTrouble['kind']; readonly onFree: () => void }) {
  const { deleteStored, goOnAfterDeletion, retryStorage, saveStored, workInMemory } = useActions();
  const unfinished = useStore(useWorkspace().models, (state) => largestUnfinished(state.rows));
  switch (kind) {
    case 'memory':
      return null;
    case 'full':
      return (
        <>
          {unfinished === null ? null : (
            <Action onClick={() => void deleteStored('weights', unfinished.weights.id)}>
              {`Delete the unfinished download of ${unfinished.weights.label} (${formatBytes(unfinished.partialBytes)})`}
            </Action>
          )}
          <Action onClick={onFree}>Free space</Action>
        </>
      );
    case 'deleted':
      return <Action onClick={() => void goOnAfterDeletion()}>Store this data set again</Action>;
    case 'blocked':
      return (
        <>
          <Action onClick={() => void retryStorage()}>Try again</Action>
          <Action onClick={() => void workInMemory()}>Work without storing</Action>
        </>
      );
    case 'newer':
      return (
        <>
          <Action onClick={() => location.reload()}>Reload</Action>
          <Action onClick={() => void saveStored()}>Save what is stored as a file</Action>
          <Action onClick={() => void workInMemory()}>Work without storing</Action>
        </>
      );
  }
}

/** Weights of no use as they are, which may take the very room that is missing. */
function largestUnfinished(rows: readonly ModelRow[]): ModelRow | null {
  const kept = rows.filter(({ cached, download, partialBytes }) => !cached && !download && partialBytes > 0);
  return kept.reduce<ModelRow | null>((most, row) => (row.partialBytes > (most?.partialBytes ?? 0) ? row : most), null);
}

function Action({ onClick, children }: { readonly onClick: () => void; readonly children: string }) {
  return (
    <Button size="xs" variant="default" onClick={onClick}>
      {children}
    </Button>
  );
}
