import { Button } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { deleteStored, refreshStorage, requestPersistence } from '../../state/actions.ts';
import { type StoragePart, settingsStore } from '../../state/settings.ts';
import { ConfirmDelete } from '../components/ConfirmDelete.tsx';
import { formatBytes, formatCount } from '../format.ts';
import { Section } from './Section.tsx';
import styles from './SettingsScreen.module.css';

type Target = StoragePart['id'] | 'everything';

/** What the deletion of each part costs. */
const consequences: Readonly<Record<Target, string>> = {
  weights: 'The downloaded weights leave this browser. To embed more images they are downloaded again.',
  features: 'The features of all images are deleted. Search needs them: every image has to be embedded again.',
  thumbnails: 'The small pictures are deleted. They come back when the files are read again.',
  datasets:
    'The lists of images, with roles, labels and problems, are deleted. The folders on your disk stay as they are.',
  queries: 'The queries that came from outside the data sets are deleted; addresses that show them stop working.',
  everything:
    'Data sets, features, thumbnails, weights and settings are deleted. The folders on your disk stay as they are.',
};

export function Storage() {
  const storage = useStore(settingsStore, (state) => state.storage);
  const [asking, setAsking] = useState<{ readonly target: Target; readonly label: string } | null>(null);
  const [opened, setOpened] = useState(false);
  const ask = (target: Target, label: string): void => {
    setAsking({ target, label });
    setOpened(true);
  };

  useEffect(() => {
    void refreshStorage();
  }, []);

  return (
    <Section title="Storage">
      <p className={styles.text}>
        {storage.usedBytes === null ? 'Measuring what this browser keeps…' : usedWords(storage)}
      </p>
      <Persistence persisted={storage.persisted} />
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col" className={styles.numeric}>
              Entries
            </th>
            <th scope="col" className={styles.numeric}>
              Size
            </th>
            <th scope="col">
              <span className={styles.hidden}>Delete</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {storage.parts.map((part) => (
            <tr key={part.id}>
              <th scope="row">{part.label}</th>
              <td className={styles.numeric}>{formatCount(part.entries)}</td>
              <td className={styles.numeric}>{formatBytes(part.bytes)}</td>
              <td className={styles.numeric}>
                {part.entries === 0 ? null : (
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    aria-label={`Delete ${part.label}`}
                    onClick={() => ask(part.id, part.label)}
                  >
                    Delete
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Button size="xs" variant="default" onClick={() => ask('everything', 'everything')}>
        Delete everything
      </Button>
      <ConfirmDelete
        opened={opened}
        title={`Delete ${asking?.label ?? ''}?`}
        confirm={asking?.target === 'everything' ? 'Delete everything' : 'Delete'}
        onConfirm={() => {
          if (asking !== null) void deleteStored(asking.target);
        }}
        onClose={() => setOpened(false)}
      >
        {asking === null ? null : consequences[asking.target]}
      </ConfirmDelete>
    </Section>
  );
}

function usedWords({
  usedBytes,
  quotaBytes,
}: {
  readonly usedBytes: number | null;
  readonly quotaBytes: number | null;
}) {
  const used = `${formatBytes(usedBytes ?? 0)} in use`;
  return quotaBytes === null ? `${used}.` : `${used}, of ${formatBytes(quotaBytes)} that this browser allows.`;
}

function Persistence({ persisted }: { readonly persisted: boolean | null }) {
  if (persisted === null) return null;
  if (persisted) {
    return (
      <p className={`${styles.text} ${styles.signed}`}>
        <IconShieldCheck size={18} className={styles.granted} aria-hidden="true" />
        The browser keeps this until you delete it.
      </p>
    );
  }
  return (
    <div className={styles.controls}>
      <p className={styles.text}>The browser may delete this when the disk gets full.</p>
      <Button size="xs" variant="default" onClick={() => void requestPersistence()}>
        Ask to keep it
      </Button>
    </div>
  );
}
