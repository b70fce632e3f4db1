import { Button, NativeSelect } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ServerView } from '../../app/search/search.ts';
import { formatAmount, formatCount, formatRecall } from '../format.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import styles from './search.module.css';

/** Whether the app's own server has a gallery is asked when the screen is opened. */
export function useServerGallery(): void {
  const { lookForServerGallery } = useActions();
  useEffect(() => {
    void lookForServerGallery();
  }, [lookForServerGallery]);
}

const LEAVES = 'Query vectors go to the server that you started; pictures do not.';

/**
 * While the server's gallery answers: which one it is, what leaves the tab, and how much its index finds. `narrow`: all but what
 * leaves the tab is folded, since the answer comes below it.
 */
export function ServerGallery({ narrow }: { readonly narrow: boolean }) {
  const collection = useStore(useWorkspace().search, (state) => state.server?.collection ?? null);
  const chosen = useStore(useWorkspace().search, (state) => state.server?.chosen === true);
  if (!chosen) return null;
  const named = collection === null ? null : <bdi>{collectionWords(collection)}</bdi>;
  return narrow ? (
    <details className={styles.folded}>
      <summary className={styles.serverSummary}>{LEAVES}</summary>
      <div className={styles.server}>
        {named === null ? null : <p className={styles.serverWords}>{named}</p>}
        <Tools />
      </div>
    </details>
  ) : (
    <section className={styles.server} aria-label="The server’s gallery">
      <p className={styles.serverWords}>
        {named} {LEAVES}
      </p>
      <Tools />
    </section>
  );
}

function Tools() {
  const { measureServerRecall } = useActions();
  const collection = useStore(useWorkspace().search, (state) => state.server?.collection ?? null);
  const recall = useStore(useWorkspace().search, (state) => state.server?.recall ?? null);
  return (
    <>
      {collection?.indexed ? (
        <div className={styles.serverTools}>
          <Button size="xs" variant="default" onClick={() => void measureServerRecall()}>
            Measure recall
          </Button>
          <span role="status" className={styles.serverWords}>
            {recall === null ? '' : recallWords(recall)}
          </span>
        </div>
      ) : null}
      {collection === null ? null : <TakeAlong />}
    </>
  );
}

const AMOUNTS = [100, 500, 2000, 10_000];

/** Some of the server's images as a data set of this browser. */
function TakeAlong() {
  const { takeAlong } = useActions();
  const [count, setCount] = useState(500);
  const [near, setNear] = useState(false);
  return (
    <div className={styles.serverTools}>
      <NativeSelect
        size="xs"
        aria-label="Which images to take along"
        value={near ? 'near' : 'first'}
        data={[
          { value: 'first', label: 'Any images' },
          { value: 'near', label: 'Those nearest to the queries' },
        ]}
        onChange={(event) => setNear(event.currentTarget.value === 'near')}
      />
      <NativeSelect
        size="xs"
        aria-label="How many images to take along"
        value={String(count)}
        data={AMOUNTS.map((amount) => ({ value: String(amount), label: formatCount(amount) }))}
        onChange={(event) => setCount(Number(event.currentTarget.value))}
      />
      <Button size="xs" variant="default" onClick={() => void takeAlong(near ? 'near' : 'first', count)}>
        Take along
      </Button>
      <span className={styles.serverWords}>
        Becomes a data set of this browser: the server’s thumbnails and vectors, not the pictures.
      </span>
    </div>
  );
}

/** "The server’s gallery answers: vit_base_patch16_224, about 100,000 images, searched by pgvector’s HNSW." */
function collectionWords({
  architecture,
  rows,
  indexed,
}: Pick<NonNullable<ServerView['collection']>, 'architecture' | 'rows' | 'indexed'>): string {
  const amount = rows === null ? [] : [`about ${formatAmount(rows, 'image')}`];
  const how = indexed ? 'searched by pgvector’s HNSW' : 'without an index: every search compares with all';
  return `The server’s gallery answers: ${[architecture, ...amount, how].join(', ')}.`;
}

/** "Recall@10 0.998 by 50 queries." */
function recallWords({ at10, queries }: NonNullable<ServerView['recall']>): string {
  return `Recall@10 ${formatRecall(at10)} against exact search, by ${formatAmount(queries, 'query', 'queries')}.`;
}
