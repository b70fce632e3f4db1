import { IconPhotoOff } from '@tabler/icons-react';
import { memo, useCallback, useSyncExternalStore } from 'react';
import {
  countNeighbours,
  type LookColumn,
  type LookTable,
  neighbourAt,
  similarityAt,
  verdictOn,
} from '../../../core/look.ts';
import { Name } from '../../components/Name.tsx';
import { verdictOf } from '../../components/Verdict.tsx';
import { formatSimilarity } from '../../format.ts';
import { useActions } from '../../workspace.tsx';
import { RunMark } from '../ChosenRuns.tsx';
import styles from './look.module.css';
import { LETTER_WIDTH, type LookLayout, PART_GAP, ROW_PADDING, TILE_GAP, WORDS_WIDTH } from './look-layout.ts';
import { hitWords, neighbourWords, queryWords } from './look-words.ts';
import { holdThumbnail, pooledThumbnail } from './thumbnail-pool.ts';
import type { LookSide, LookView } from './use-look.ts';

interface LookRowProps {
  readonly view: LookView;
  readonly layout: LookLayout;
  /** Position in the table. */
  readonly query: number;
  /** Neighbours a run. */
  readonly k: number;
  /** `strip:column` of the tab stop, where it is in this row. */
  readonly stop: string | null;
}

/** A query and its first neighbours, of one run or of two one below the other. */
export const LookRow = memo(function LookRow({ view, layout, query, k, stop }: LookRowProps) {
  const { table, sides } = view;
  const image = table.queries[query];
  if (image === undefined) return null;
  const atQuery = stop?.endsWith(':0') === true;
  return (
    <div
      className={layout.wide ? styles.wideRow : styles.narrowRow}
      style={{ paddingBlock: ROW_PADDING, columnGap: PART_GAP, rowGap: TILE_GAP }}
    >
      <div className={styles.query}>
        {/* biome-ignore lint/a11y/useSemanticElements: a <td> needs a <tr>, which the grid's rows cannot be (LookGrid). */}
        <div
          role="gridcell"
          className={styles.tile}
          data-cell="0:0"
          style={{ width: layout.query, height: layout.query }}
          tabIndex={atQuery ? 0 : -1}
          aria-label={queryWords(table, query)}
          title={image.path}
        >
          {image.hash === null ? null : <PooledThumbnail hash={image.hash} />}
        </div>
        <span className={styles.caption} style={layout.wide ? { width: layout.query } : {}} aria-hidden="true">
          {image.className === null ? 'Class unknown' : <Name>{image.className}</Name>}
        </span>
      </div>
      <div className={styles.strips} style={{ gap: PART_GAP }}>
        {sides.map((side, strip) => (
          <Strip
            key={side.letter}
            view={view}
            layout={layout}
            query={query}
            k={k}
            side={side}
            strip={strip}
            stop={stop}
          />
        ))}
      </div>
    </div>
  );
});

interface StripProps extends LookRowProps {
  readonly side: LookSide;
  readonly strip: number;
}

function Strip({ view: { table, sides }, layout, query, k, side: { letter, run, column }, strip, stop }: StripProps) {
  const count = countNeighbours(column, query, k);
  const two = sides.length === 2;
  return (
    <div className={styles.strip} style={{ columnGap: PART_GAP }}>
      {two ? (
        <span className={styles.letter} style={{ width: LETTER_WIDTH }}>
          <RunMark letter={letter} slot={run.colour} />
        </span>
      ) : null}
      <div
        className={styles.tiles}
        style={{
          gap: TILE_GAP,
          height: layout.strip,
          gridTemplateColumns: `repeat(${layout.columns}, ${layout.tile}px)`,
        }}
      >
        {/* A tile stands for a rank: when another query's neighbours come, the same tile shows them. */}
        {Array.from({ length: count }, (_, at) => at).map((at) => (
          <LookTile
            key={at}
            table={table}
            column={column}
            query={query}
            at={at}
            strip={strip}
            letter={two ? letter : null}
            side={layout.tile}
            inTabOrder={stop === `${strip}:${at + 1}`}
          />
        ))}
      </div>
      <span className={styles.words} style={layout.wide ? { width: WORDS_WIDTH } : {}} aria-hidden="true">
        {hitWords(table, column, query)}
      </span>
    </div>
  );
}

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
function LookTile({ table, column, query, at, strip, letter, side, inTabOrder }: LookTileProps) {
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

/** Fills its parent, without words of its own; at once where another row shows the same image. */
function PooledThumbnail({ hash }: { readonly hash: string }) {
  const actions = useActions();
  const subscribe = useCallback((listener: () => void) => holdThumbnail(actions, hash, listener), [actions, hash]);
  const url = useSyncExternalStore(subscribe, () => pooledThumbnail(hash));
  if (url === 'loading') return null;
  if (url === null) return <IconPhotoOff className={styles.missing} size={20} aria-hidden="true" />;
  return <img className={styles.image} src={url} alt="" decoding="async" draggable={false} />;
}
