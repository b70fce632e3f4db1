import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import styles from './ServerGallery.module.css';
import { collectionWords, recallWords } from './server-words.ts';

/** Whether the app's own server has a gallery is asked when the screen is opened. */
export function useServerGallery(): void {
  const { lookForServerGallery } = useActions();
  useEffect(() => {
    void lookForServerGallery();
  }, [lookForServerGallery]);
}

/** While the server's gallery answers: which one it is, what leaves the tab, and how much its index finds. */
export function ServerGallery() {
  const { measureServerRecall } = useActions();
  const server = useStore(useWorkspace().search, (state) => state.server);
  if (!server?.chosen) return null;
  const { collection, recall } = server;
  return (
    <section className={styles.server} aria-label="The server’s gallery">
      <p className={styles.words}>
        {collection === null ? null : (
          <>
            <bdi>{collectionWords(collection)}</bdi>{' '}
          </>
        )}
        Query vectors go to the server that you started; pictures do not.
      </p>
      {collection?.indexed ? (
        <div className={styles.tools}>
          <Button size="xs" variant="default" onClick={() => void measureServerRecall()}>
            Measure recall
          </Button>
          <span role="status" className={styles.words}>
            {recall === null ? '' : recallWords(recall)}
          </span>
        </div>
      ) : null}
    </section>
  );
}
