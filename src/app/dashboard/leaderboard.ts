import { createStore } from 'zustand/vanilla';
import { againstOthers, type ModelPair, pairKey } from '../../core/model-pairs.ts';
import { bestRows, type ResultRow } from '../../core/result-rows.ts';
import type { Best } from '../../metrics/best-run.ts';
import { type Difference, type Verdict, verdictOf } from '../../metrics/intervals.ts';
import type { Metric } from '../../metrics/registry.ts';
import type { ScoredSplit } from '../../types.ts';

export type { Difference, Verdict };
export { verdictOf };

/** How much better one model is than another; null where no query counts for both. */
export type PairDifference = Difference | null;

export interface LeaderboardState {
  /** By pairKey(): what has been computed for the runs as they are now, of either split and any metric. */
  readonly differences: ReadonlyMap<string, PairDifference>;
  /** How far the comparison of the shown models is; null while none runs. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  /** A comparison was stopped before its end, and none has started since. */
  readonly stopped: boolean;
}

export const createLeaderboardStore = () =>
  createStore<LeaderboardState>()(() => ({
    differences: new Map(),
    progress: null,
    stopped: false,
  }));

/** The best models, and what the intervals of the paired differences say of the first of them. */
export interface BestVerdict extends Best<ResultRow> {
  /** Null until every other model has been compared with it. Models that share the best value are none better. */
  readonly better: boolean | null;
  /** Models that it is compared with, but for those that share its value. */
  readonly others: number;
  /** Those of them that are not shown to be worse: the interval of the difference reaches 0. */
  readonly notSeparable: readonly ResultRow[];
  /** Those with which it shares no query that counts. */
  readonly incomparable: readonly ResultRow[];
}

/** Null where the metric is known of no model on the split. A model alone is not better than anything. */
export function bestVerdict(
  rows: readonly ResultRow[],
  split: ScoredSplit,
  metric: Metric,
  differences: LeaderboardState['differences'],
): BestVerdict | null {
  const best = bestRows(rows, split, metric);
  if (!best) return null;
  const [first] = best.rows;
  const pairs = againstOthers(first, rows, split, best.metric)
    .filter(({ second }) => !best.rows.includes(second))
    .map((pair) => ({ pair, found: differenceOf(pair, split, best.metric, differences) }));
  const { higherIsBetter } = best.metric;
  const notSeparable = pairs.filter(({ found }) => found && verdictOf(found.interval, higherIsBetter) !== 'better');
  const incomparable = pairs.filter(({ found }) => found === null);
  const complete = pairs.every(({ found }) => found !== undefined);
  const alone = best.rows.length === 1 && pairs.length > 0;
  return {
    ...best,
    better: complete ? alone && notSeparable.length === 0 && incomparable.length === 0 : null,
    others: pairs.length,
    notSeparable: notSeparable.map(({ pair }) => pair.second),
    incomparable: incomparable.map(({ pair }) => pair.second),
  };
}

/** Undefined until it has been computed. */
export function differenceOf(
  pair: ModelPair,
  split: ScoredSplit,
  metric: Metric,
  differences: LeaderboardState['differences'],
): PairDifference | undefined {
  return differences.get(pairKey(pair, split, metric));
}
