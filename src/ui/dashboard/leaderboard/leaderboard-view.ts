import type { BestVerdict } from '../../../state/leaderboard.ts';
import type { Measure, ResultRow } from '../../../state/result-rows.ts';
import type { ScoredSplit } from '../../../types.ts';
import type { Labels } from '../../runs/model-words.ts';

/** What table and cards show alike. */
export interface LeaderboardViewProps {
  /** All of them, sorted. */
  readonly rows: readonly ResultRow[];
  /** Keys of the rows that fit the filter. */
  readonly fitting: ReadonlySet<string>;
  readonly split: ScoredSplit;
  readonly labels: Labels;
  /** Ids of the chosen runs. */
  readonly a: string | null;
  readonly b: string | null;
  /** Keys of the rows whose seeds are shown one by one. */
  readonly unfolded: ReadonlySet<string>;
  readonly onFold: (key: string) => void;
  /** What the models are judged by, and how. */
  readonly judged: Measure;
  readonly verdict: BestVerdict | null;
}

export type Mark = 'best' | 'highest' | 'not separable' | null;

/** What is said of a row in the judged column. */
export function markOf(row: ResultRow, verdict: BestVerdict | null): Mark {
  if (verdict === null || verdict.others === 0) return null;
  if (row.key === verdict.row.key) return verdict.better ? 'best' : 'highest';
  return verdict.notSeparable.some(({ key }) => key === row.key) ? 'not separable' : null;
}
