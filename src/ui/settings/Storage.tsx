import { Button } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { settingsStore } from '../../app/settings/settings.ts';
import { ConfirmDelete } from '../components/ConfirmDelete.tsx';
import { usedWords } from '../components/storage-words.ts';
import { useStore } from '../use-store.ts';
import { useActions } from '../workspace.tsx';
import { Section } from './Section.tsx';
import { StorageParts } from './StorageParts.tsx';
import styles from './settings.module.css';

export function Storage() {
  const { deleteEverything, refreshStorage } = useActions();
  const storage = useStore(settingsStore, (state) => state.storage);
  const [asking, setAsking] = useState(false);

  useEffect(() => {
    void refreshStorage();
  }, [refreshStorage]);

  return (
    <Section title="Storage">
      <p className={styles.text}>
        {storage.usedBytes === null ? 'Measuring what this browser keeps…' : `${usedWords(storage)}.`}
      </p>
      <Persistence persisted={storage.persisted} />
      {storage.weightsLast ? null : (
        <p className={styles.text}>
          This browser keeps no files for this page: downloaded weights last until this tab is closed.
        </p>
      )}
      <StorageParts />
      <Button size="xs" variant="default" onClick={() => setAsking(true)}>
        Delete everything
      </Button>
      <ConfirmDelete
        opened={asking}
        title="Delete everything?"
        confirm="Delete everything"
        onConfirm={() => void deleteEverything()}
        onClose={() => setAsking(false)}
      >
        Work that is running ends. Data sets, features, thumbnails, weights and settings are deleted. The folders on
        your disk stay as they are.
      </ConfirmDelete>
    </Section>
  );
}

function Persistence({ persisted }: { readonly persisted: boolean | null }) {
  const { requestPersistence } = useActions();
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
