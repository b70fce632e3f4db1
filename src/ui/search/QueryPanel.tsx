import { Button } from '@mantine/core';
import { IconPhotoOff, IconPhotoSearch, IconUpload } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { searchFile } from '../../state/actions.ts';
import { comparisonStore } from '../../state/comparison.ts';
import { modelsStore } from '../../state/models.ts';
import { type Query, type SearchState, searchStore } from '../../state/search.ts';
import { Name } from '../components/Name.tsx';
import { pickFiles } from '../components/pick-files.ts';
import { usePicture } from '../components/use-picture.ts';
import { fileName, formatAmount } from '../format.ts';
import { FramedPicture } from './FramedPicture.tsx';
import styles from './QueryPanel.module.css';

async function pickQuery(): Promise<void> {
  const [file] = await pickFiles({ accept: 'image/*' });
  if (file !== undefined) await searchFile(file);
}

/** What is searched with, large, and the ways to another query. */
export function QueryPanel() {
  const query = useStore(searchStore, (state) => state.query);
  return (
    <section className={styles.panel} aria-labelledby="query-heading">
      <h2 id="query-heading" className={styles.heading}>
        Query
      </h2>
      {query === null ? <NoQuery /> : <QueryShown query={query} />}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconUpload size={16} aria-hidden="true" />}
        onClick={() => void pickQuery()}
      >
        {query === null ? 'Pick an image' : 'Pick another image'}
      </Button>
      <p className={styles.keys}>
        Or drop one, or paste one. Among the neighbours, arrow keys move, <kbd>Enter</kbd> searches with the image in
        focus, <kbd>Esc</kbd> goes back.
      </p>
    </section>
  );
}

function NoQuery() {
  return (
    <div className={styles.none}>
      <IconPhotoSearch size={32} stroke={1.3} aria-hidden="true" />
      <span>Drop an image here, or choose one of the images above</span>
    </div>
  );
}

function QueryShown({ query }: { readonly query: Query }) {
  const picture = usePicture(query.hash, 'original');
  const runId = useStore(searchStore, (state) => state.runId);
  // The crop frame is that of the run's first member; members differ by a few pixels at most.
  const weightsId = useStore(
    comparisonStore,
    (state) => state.runs.find(({ id }) => id === runId)?.choice.members[0]?.weightsId ?? null,
  );
  const cropPct = useStore(
    modelsStore,
    (state) => state.rows.find((row) => row.weights.id === weightsId)?.cached?.preprocessing.cropPct ?? null,
  );
  const name = fileName(query.name);
  return (
    <div className={styles.shown}>
      <div className={styles.picture}>
        {picture === 'loading' ? (
          <span className={styles.skeleton} />
        ) : picture === null ? (
          <span className={styles.missing}>
            <IconPhotoOff size={32} stroke={1.3} aria-hidden="true" />
            This image can no longer be shown; its neighbours can.
          </span>
        ) : (
          <FramedPicture key={query.hash} url={picture} alt={`Query ${name}`} cropPct={cropPct} />
        )}
      </div>
      <div className={styles.words}>
        <Name className={styles.name}>{name}</Name>
        <QueryClass query={query} />
      </div>
    </div>
  );
}

function QueryClass({ query }: { readonly query: Query }) {
  const className = query.image?.className ?? null;
  const judged = useStore(searchStore, (state) => (state.status === 'done' ? countJudged(state) : ''));
  if (className === null) return <span className={styles.quiet}>Class unknown</span>;
  return (
    <>
      <span className={styles.class}>
        Class <Name>{className}</Name>
      </span>
      {judged === '' ? null : <span className={styles.quiet}>{judged}</span>}
    </>
  );
}

/** "7 of 10 neighbours are of this class"; empty where no neighbour's class is known. */
function countJudged({ neighbours }: SearchState): string {
  const judged = neighbours.filter((neighbour) => neighbour.correct !== null);
  if (judged.length === 0) return '';
  const right = judged.filter((neighbour) => neighbour.correct === true).length;
  return `${right} of ${formatAmount(judged.length, 'neighbour')} ${right === 1 ? 'is' : 'are'} of this class`;
}
