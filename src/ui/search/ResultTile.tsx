import { UnstyledButton } from '@mantine/core';
import type { KeyboardEvent } from 'react';
import type { Neighbour } from '../../app/search/search.ts';
import { Name } from '../components/Name.tsx';
import { Thumbnail } from '../components/Thumbnail.tsx';
import { framed, VerdictSign, verdictOf } from '../components/Verdict.tsx';
import { fileName, formatSimilarity } from '../format.ts';
import styles from './Results.module.css';

interface ResultTileProps {
  readonly neighbour: Neighbour;
  readonly height: number;
  readonly inTabOrder: boolean;
  readonly onFocus: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onEnlarge: () => void;
}

function spoken({ rank, similarity, image, correct }: Neighbour): string {
  const verdict = correct === null ? null : correct ? 'right class' : 'wrong class';
  return [
    `Rank ${rank}`,
    image.className === null ? 'class unknown' : `class ${image.className}`,
    verdict,
    `similarity ${formatSimilarity(similarity)}`,
    `file ${fileName(image.path)}`,
  ]
    .filter((part) => part !== null)
    .join(', ');
}

export function ResultTile({ neighbour, height, inTabOrder, onFocus, onKeyDown, onEnlarge }: ResultTileProps) {
  const { rank, similarity, image, correct } = neighbour;
  return (
    <UnstyledButton
      className={styles.tile}
      data-tile=""
      data-verdict={verdictOf(correct)}
      tabIndex={inTabOrder ? 0 : -1}
      aria-label={`${spoken(neighbour)}. Enlarge it.`}
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
    </UnstyledButton>
  );
}
