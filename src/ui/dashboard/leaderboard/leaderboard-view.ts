import type { BestVerdict } from '../../../app/dashboard/leaderboard.ts';
import type { Extent, ResultRow } from '../../../core/result-rows.ts';
import type { Metric } from '../../../metrics/registry.ts';
import type { ScoredSplit } from '../../../types.ts';
import type { Labels } from '../../runs/model-words.ts';

/** What table and cards show alike. */
export interface LeaderboardViewProps {
  /** All of them, sorted; a model and its rankings stand together. */
  readonly groups: readonly (readonly [ResultRow, ...ResultRow[]])[];
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
  /** The metrics that have a column. */
  readonly metrics: readonly Metric[];
  /** What the models are judged by, and how. */
  readonly judged: Metric;
  readonly verdict: BestVerdict | null;
  /** What applies to all models: said once above them, and not repeated for each. */
  readonly shared: readonly string[];
  /** Whether the macro average stands below. */
  readonly macro: boolean;
  /** Most that one of them was judged on. */
  readonly all: Extent;
  /** Ends of the scale of all intervals. */
  readonly scale: readonly [number, number];
}

/**
 * `leading`: the best value, of which nothing says that it is no luck; `ahead`: of those alone that are perfect in what was asked
 * for, so that others may have a better one.
 */
export type Mark = 'best' | 'leading' | 'ahead' | 'not separable' | null;

/** What is said of a row in the column that decides. */
export function markOf(row: ResultRow, verdict: BestVerdict | null): Mark {
  if (verdict === null || verdict.others + verdict.rows.length < 2) return null;
  if (verdict.rows.some(({ key }) => key === row.key)) {
    if (verdict.better) return 'best';
    return verdict.saturated ? 'ahead' : 'leading';
  }
  return verdict.notSeparable.some(({ key }) => key === row.key) ? 'not separable' : null;
}
