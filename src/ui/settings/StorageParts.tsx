import { Button, Modal, VisuallyHidden } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { type StoragePart, settingsStore } from '../../app/settings/settings.ts';
import { ConfirmDelete } from '../components/ConfirmDelete.tsx';
import { Name } from '../components/Name.tsx';
import table from '../components/Table.module.css';
import { formatBytes, formatCount } from '../format.ts';
import { useStore } from '../use-store.ts';
import { useActions } from '../workspace.tsx';
import styles from './settings.module.css';

/** What the deletion of each part, or of one item of it, costs. */
const consequences: Readonly<Record<StoragePart['id'], string>> = {
  datasets:
    'Lists of images with roles, labels and problems, trained heads and results are deleted. The folders on your disk stay as they are.',
  features: 'Features are deleted. To embed more, to train or to score again, the images have to be embedded again.',
  weights: 'The downloaded weights leave this browser. To embed more images they are downloaded again.',
  thumbnails: 'The small pictures are deleted. They come back when the files are read again.',
  queries: 'The queries that came from outside the data sets are deleted; addresses that show them stop working.',
};

interface Asked {
  readonly part: StoragePart['id'];
  /** Null for the whole part. */
  readonly item: string | null;
  readonly label: string;
}

/** What is kept, part by part and thing by thing, how large it is, and a way to delete each. */
export function StorageParts() {
  const { deleteStored } = useActions();
  const parts = useStore(settingsStore, (state) => state.storage.parts);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [opened, setOpened] = useState(false);
  const ask = (next: Asked): void => {
    setAsked(next);
    setOpened(true);
  };
  return (
    <>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col" className={table.numeric}>
              Entries
            </th>
            <th scope="col" className={table.numeric}>
              Size
            </th>
            <th scope="col">
              <VisuallyHidden>Delete</VisuallyHidden>
            </th>
          </tr>
        </thead>
        {parts.map(({ id, label, entries, bytes, items }) => (
          <tbody key={id}>
            <Row label={label} entries={entries} bytes={bytes} onDelete={() => ask({ part: id, item: null, label })}>
              {label}
            </Row>
            {items.map((item) => (
              <Row
                key={item.id}
                label={item.label}
                entries={item.entries}
                bytes={item.bytes}
                onDelete={() => ask({ part: id, item: item.id, label: item.label })}
              >
                <span className={styles.item}>
                  <Name>{item.label}</Name>
                </span>
              </Row>
            ))}
          </tbody>
        ))}
      </table>
      <ConfirmDelete
        opened={opened}
        title={`Delete ${asked?.label ?? ''}?`}
        confirm="Delete"
        onConfirm={() => {
          if (asked !== null) void deleteStored(asked.part, asked.item);
        }}
        onClose={() => setOpened(false)}
      >
        {asked === null ? null : consequences[asked.part]}
      </ConfirmDelete>
    </>
  );
}

interface RowProps {
  readonly label: string;
  readonly entries: number;
  readonly bytes: number;
  readonly onDelete: () => void;
  readonly children: ReactNode;
}

function Row({ label, entries, bytes, onDelete, children }: RowProps) {
  return (
    <tr>
      <th scope="row" className={styles.part}>
        {children}
      </th>
      <td className={table.numeric}>{formatCount(entries)}</td>
      <td className={table.numeric}>{formatBytes(bytes)}</td>
      <td className={table.numeric}>
        {entries === 0 && bytes === 0 ? null : (
          <Button size="compact-sm" variant="subtle" aria-label={`Delete ${label}`} onClick={onDelete}>
            Delete
          </Button>
        )}
      </td>
    </tr>
  );
}

/** What is stored, to delete some of it, over whichever screen met the limit. */
export function FreeSpace({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} size="lg" title="Free space" closeButtonProps={{ 'aria-label': 'Close' }}>
      <StorageParts />
    </Modal>
  );
}
