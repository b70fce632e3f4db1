import { UnstyledButton } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import type { Neighbour } from '../../state/search.ts';
import { Name } from '../components/Name.tsx';
import { Thumbnail } from '../components/Thumbnail.tsx';
import { fileName, formatSimilarity } from '../format.ts';
import styles from './Results.module.css';

interface ResultTileProps {
  readonly neighbour: Neighbour;
  readonly height: number;
  readonly inTabOrder: boolean;
  readonly onFocus: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onSearch: () => void;
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

export function ResultTile({ neighbour, height, inTabOrder, onFocus, onKeyDown, onSearch }: ResultTileProps) {
  const { rank, similarity, image, correct } = neighbour;
  const verdict = correct === null ? 'unknown' : correct ? 'right' : 'wrong';
  return (
    <UnstyledButton
      className={styles.tile}
      data-verdict={verdict}
      tabIndex={inTabOrder ? 0 : -1}
      aria-label={`${spoken(neighbour)}. Search with it.`}
      onFocus={onFocus}
      onKeyDown={onKeyDown}
      onClick={onSearch}
    >
      <span className={styles.picture} style={{ height }}>
        <Thumbnail hash={image.hash} alt="" />
        {verdict === 'unknown' ? null : (
          <span className={styles.verdict}>
            {verdict === 'right' ? (
              <IconCheck size={14} stroke={3} aria-hidden="true" />
            ) : (
              <IconX size={14} stroke={3} aria-hidden="true" />
            )}
          </span>
        )}
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
