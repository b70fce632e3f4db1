import { Button, UnstyledButton } from '@mantine/core';
import { IconPhotoSearch } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { countNeighbours, type LookTable, neighbourAt, similarityAt, verdictOn } from '../../../core/look.ts';
import { type ImageAction, pressImageKey } from '../../components/image-actions.tsx';
import { Name } from '../../components/Name.tsx';
import { Picture } from '../../components/Picture.tsx';
import { framed, VerdictSign, verdictOf } from '../../components/Verdict.tsx';
import { fileName, formatSimilarity } from '../../format.ts';
import { navigate } from '../../location.ts';
import { useLabels } from '../../runs/model-words.ts';
import { runWords } from '../../runs/result-words.ts';
import { searchAddress } from '../../search/search-address.ts';
import { RunMark } from '../ChosenRuns.tsx';
import styles from './look.module.css';
import { hitWords, neighbourWords } from './look-words.ts';
import type { LookSide } from './use-look.ts';

interface LookRankingProps {
  readonly table: LookTable;
  readonly side: LookSide;
  /** Whether the run is named by its letter too, since there are two. */
  readonly letter: boolean;
  readonly query: number;
  readonly hash: string | null;
  readonly k: number;
  /** Enlarges the neighbour of that position, from 0. */
  readonly onEnlarge: (at: number) => void;
  /** What can be done with it. */
  readonly actionsOn: (at: number) => readonly ImageAction[];
}

/** The first neighbours by one run, large. */
export function LookRanking(props: LookRankingProps) {
  const { table, side, letter: shown, query, hash, k, onEnlarge, actionsOn } = props;
  const { letter, run, column } = side;
  const count = countNeighbours(column, query, k);
  const name = runWords(run, useLabels());
  return (
    <section className={styles.ranking} aria-label={shown ? `${letter}, ${name}` : name}>
      <header className={styles.head}>
        {shown ? <RunMark letter={letter} slot={run.colour} /> : null}
        <div className={styles.headWords}>
          <h3 className={styles.run}>
            <Name>{name}</Name>
          </h3>
          <span className={styles.quiet}>{hitWords(table, column, query)}</span>
        </div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPhotoSearch size={16} aria-hidden="true" />}
          aria-label={shown ? `Search with this query by ${letter}` : 'Search with this query'}
          disabled={hash === null}
          onClick={() => {
            if (hash !== null) navigate(searchAddress(hash, run.id));
          }}
        >
          Search with this query
        </Button>
      </header>
      {count === 0 ? <p className={styles.quiet}>This run was not asked this query.</p> : null}
      <ol className={styles.neighbours}>
        {Array.from({ length: count }, (_, at) => (
          <Neighbour
            key={`${query} ${neighbourAt(column, query, at)}`}
            table={table}
            query={query}
            rank={at + 1}
            position={neighbourAt(column, query, at)}
            similarity={similarityAt(column, query, at)}
            words={neighbourWords(table, column, query, at, shown ? letter : null)}
            onEnlarge={() => onEnlarge(at)}
            onKeyDown={(event) => {
              pressImageKey(actionsOn(at), event);
            }}
          />
        ))}
      </ol>
    </section>
  );
}

interface NeighbourProps {
  readonly table: LookTable;
  readonly query: number;
  /** From 1. */
  readonly rank: number;
  readonly position: number;
  readonly similarity: number;
  /** Spoken in place of what is seen. */
  readonly words: string;
  readonly onEnlarge: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

function Neighbour(props: NeighbourProps) {
  const { table, query, rank, position, similarity, words, onEnlarge, onKeyDown } = props;
  const image = table.gallery[position];
  const verdict = verdictOn(table, query, position);
  if (image === undefined) return null;
  return (
    <li className={styles.neighbour} data-verdict={verdictOf(verdict)}>
      <UnstyledButton
        className={`${framed} ${styles.picture}`}
        aria-label={`${words}. Enlarge it.`}
        onClick={onEnlarge}
        onKeyDown={onKeyDown}
      >
        <Picture hash={image.hash} alt="" />
        <VerdictSign right={verdict} />
      </UnstyledButton>
      <div className={styles.line}>
        <span className={styles.quiet}>{rank}</span>
        <span className={styles.similarity} title="Cosine similarity">
          {formatSimilarity(similarity)}
        </span>
        {image.className === null ? null : <Name className={styles.class}>{image.className}</Name>}
      </div>
      <Name className={styles.file}>{fileName(image.path)}</Name>
    </li>
  );
}
