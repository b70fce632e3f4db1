import { type LookColumn, type LookTable, neighbourAt, similarityAt, verdictOn } from '../../../core/look.ts';
import { verdictOf } from '../../components/Verdict.tsx';
import { formatSimilarity } from '../../format.ts';
import styles from './Look.module.css';
import { neighbourWords } from './look-words.ts';
import { PooledThumbnail } from './PooledThumbnail.tsx';

interface LookTileProps {
  readonly table: LookTable;
  readonly column: LookColumn;
  readonly query: number;
  /** From 0. */
  readonly at: number;
  /** Position of the run among the one or two. */
  readonly strip: number;
  /** Names the run where there are two. */
  readonly letter: string | null;
  readonly side: number;
  readonly inTabOrder: boolean;
}

/** A neighbour: its verdict by frame and sign, its similarity when pointed at or in focus; both drawn by styles alone, since hundreds scroll by. */
export function LookTile({ table, column, query, at, strip, letter, side, inTabOrder }: LookTileProps) {
  const position = neighbourAt(column, query, at);
  const verdict = verdictOn(table, query, position);
  const hash = table.gallery[position]?.hash ?? null;
  const words = neighbourWords(table, column, query, at, letter);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a <td> needs a <tr>, which the grid's rows cannot be (LookGrid).
    <div
      role="gridcell"
      className={styles.tile}
      data-cell={`${strip}:${at + 1}`}
      data-verdict={verdictOf(verdict)}
      data-similarity={formatSimilarity(similarityAt(column, query, at))}
      style={{ width: side, height: side }}
      tabIndex={inTabOrder ? 0 : -1}
      aria-label={words}
      title={words}
    >
      {hash === null ? null : <PooledThumbnail hash={hash} />}
    </div>
  );
}
