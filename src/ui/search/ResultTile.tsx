import { UnstyledButton } from '@mantine/core';
import type { KeyboardEvent } from 'react';
import type { Neighbour, RankReason } from '../../app/search/search.ts';
import { Name } from '../components/Name.tsx';
import { Thumbnail } from '../components/Picture.tsx';
import { framed, VerdictSign, verdictOf } from '../components/Verdict.tsx';
import { fileName, formatSimilarity } from '../format.ts';
import { reasonPieces, spokenReason } from './answer-words.ts';
import styles from './Results.module.css';

interface ResultTileProps {
  readonly neighbour: Neighbour;
  /** What put it there; null until that is known, undefined in the order of similarity. */
  readonly reason: RankReason | null | undefined;
  readonly height: number;
  readonly inTabOrder: boolean;
  readonly onFocus: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onEnlarge: () => void;
}

function spoken({ rank, similarity, image, correct }: Neighbour, reason: RankReason | null | undefined): string {
  const verdict = correct === null ? null : correct ? 'right class' : 'wrong class';
  return [
    `Rank ${rank}`,
    image.className === null ? 'class unknown' : `class ${image.className}`,
    verdict,
    `similarity ${formatSimilarity(similarity)}`,
    reason ? spokenReason(reason) : null,
    `file ${fileName(image.path)}`,
  ]
    .filter((part) => part !== null)
    .join(', ');
}

export function ResultTile(props: ResultTileProps) {
  const { neighbour, reason, height, inTabOrder, onFocus, onKeyDown, onEnlarge } = props;
  const { rank, similarity, image, correct } = neighbour;
  return (
    <UnstyledButton
      className={styles.tile}
      data-tile=""
      data-verdict={verdictOf(correct)}
      tabIndex={inTabOrder ? 0 : -1}
      aria-label={`${spoken(neighbour, reason)}. Enlarge it.`}
      onFocus={onFocus}
      onKeyDown={onKeyDown}
      onClick={onEnlarge}
    >
      <span className={`${framed} ${styles.picture}`} style={{ height }}>
        <Thumbnail hash={image.hash} alt="" url={neighbour.thumbnail} />
        <VerdictSign right={correct} />
        <span className={styles.file}>
          <Name>{fileName(image.path)}</Name>
        </span>
      </span>
      <span className={styles.caption}>
        <span className={styles.rank}>{rank}</span>
        <span className={styles.similarity}>{formatSimilarity(similarity)}</span>
        {image.className === null ? null : <Name className={styles.class}>{image.className}</Name>}
      </span>
      {reason === undefined ? null : (
        <span className={styles.reason}>
          {reason === null
            ? '\u00a0'
            : reasonPieces(reason).map((piece) =>
                typeof piece === 'string' ? piece : <Name key={piece.className}>{piece.className}</Name>,
              )}
        </span>
      )}
    </UnstyledButton>
  );
}
