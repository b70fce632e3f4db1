import { Button } from '@mantine/core';
import { IconAlertTriangle, IconPhotoSearch } from '@tabler/icons-react';
import { useMemo, useRef } from 'react';
import { EmptyState } from '../components/EmptyState.tsx';
import { Notice } from '../components/Notice.tsx';
import { fileName, formatSentence } from '../format.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { keptNeighbours } from './answer-words.ts';
import styles from './Results.module.css';
import { ResultsGrid } from './ResultsGrid.tsx';

/** The neighbours in every state: none asked for, on their way, here, failed. */
export function Results() {
  const { searchHash, setIndex } = useActions();
  const onServer = useStore(useWorkspace().search, (state) => state.server?.chosen === true);
  const indexChoice = useStore(useWorkspace().search, (state) => state.indexChoice);
  const status = useStore(useWorkspace().search, (state) => state.status);
  const error = useStore(useWorkspace().search, (state) => state.error);
  const remedy = useStore(useWorkspace().search, (state) => state.remedy);
  const k = useStore(useWorkspace().search, (state) => state.k);
  const found = useStore(useWorkspace().search, (state) => state.neighbours);
  const runId = useStore(useWorkspace().search, (state) => state.runId);
  const cutoff = useStore(useWorkspace().cutoff);
  const neighbours = useMemo(() => keptNeighbours(found, cutoff, runId), [found, cutoff, runId]);
  const queryHash = useStore(useWorkspace().search, (state) => state.query?.hash ?? null);
  const queryName = useStore(useWorkspace().search, (state) => fileName(state.query?.name ?? ''));
  const crop = useStore(useWorkspace().search, (state) => state.query?.crop ?? null);
  // Kept here, since the grid is taken down where there is nothing to show between two answers.
  const refocus = useRef(false);
  const pending = status === 'embedding' || status === 'searching';

  const notice =
    status === 'failed' ? (
      <Notice
        tone="wrong"
        role="alert"
        icon={<IconAlertTriangle size={20} aria-hidden="true" />}
        action={
          remedy ? (
            <Button size="xs" onClick={remedy.run}>
              {formatSentence(remedy.label)}
            </Button>
          ) : queryHash === null ? undefined : (
            <>
              <Button size="xs" variant="default" onClick={() => void searchHash(queryHash, crop)}>
                {/* One element: between the parts of a button's label, a space would be lost. */}
                <span>
                  Search again with <bdi>{queryName}</bdi>
                </span>
              </Button>
              {onServer ? (
                <Button size="xs" variant="default" onClick={() => void setIndex(indexChoice)}>
                  Search this data set
                </Button>
              ) : null}
            </>
          )
        }
      >
        {error === null ? 'The search failed. Choose the query again.' : formatSentence(error)}
      </Notice>
    ) : null;

  if (neighbours.length > 0) {
    return (
      <>
        {/* Above the answer of the query before, where the new one was refused before it was searched with. */}
        {notice}
        <ResultsGrid neighbours={neighbours} pending={pending} refocus={refocus} />
      </>
    );
  }
  if (notice) return notice;
  if (pending) {
    return (
      <div className={styles.skeletons} aria-hidden="true">
        {Array.from({ length: Math.min(k, 20) }, (_, at) => `skeleton-${at}`).map((key) => (
          <span key={key} className={styles.skeleton} />
        ))}
      </div>
    );
  }
  if (found.length > 0) return <p className={styles.nothing}>All neighbours are hidden by the cut-off.</p>;
  if (status === 'done') return <p className={styles.nothing}>The gallery has no images to compare with.</p>;
  return (
    <EmptyState icon={<IconPhotoSearch size={32} stroke={1.3} aria-hidden="true" />} title="No query yet">
      Drop, paste or pick an image, or choose one of this data set. Its nearest gallery images appear here.
    </EmptyState>
  );
}
