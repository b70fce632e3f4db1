import { createStore } from 'zustand/vanilla';
import { type Verdict, verdictOf } from '../metrics/verdict.ts';
import type { ScoredSplit } from '../types.ts';
import type { Difference } from '../workers/analysis-protocol.ts';
import { againstOthers, highestRow, type ModelPair, pairKey } from './model-pairs.ts';
import type { Measure, ResultRow } from './result-rows.ts';

export type { Difference, Verdict };
export { verdictOf };

/** How much better one model is than another; null where no query counts for both. */
export type PairDifference = Difference | null;

export interface LeaderboardState {
  /** By pairKey(): what has been computed for the runs as they are now, of either split and any measure. */
  readonly differences: ReadonlyMap<string, PairDifference>;
  /** How far the comparison of the shown models is; null while none runs. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  /** A comparison was stopped before its end, and none has begun since. */
  readonly stopped: boolean;
}

export const leaderboardStore = createStore<LeaderboardState>()(() => ({
  differences: new Map(),
  progress: null,
  stopped: false,
}));

/** What the paired bootstrap says of the model with the highest figure. */
export interface BestVerdict {
  readonly row: ResultRow;
  /** Null until every other model has been compared with it. */
  readonly better: boolean | null;
  /** Models that it was compared with. */
  readonly others: number;
  /** Those that are not shown to be worse: the interval of the difference reaches down to 0. */
  readonly notSeparable: readonly ResultRow[];
  /** Those with which it shares no query that counts. */
  readonly incomparable: readonly ResultRow[];
}

/** Null where nothing was measured on the split. A model alone is not better than anything. */
export function bestVerdict(
  rows: readonly ResultRow[],
  split: ScoredSplit,
  measure: Measure,
  differences: LeaderboardState['differences'],
): BestVerdict | null {
  const row = highestRow(rows, split, measure);
  if (!row) return null;
  const pairs = againstOthers(row, rows, split).map((pair) => ({
    pair,
    found: differenceOf(pair, split, measure, differences),
  }));
  const notSeparable = pairs.filter(({ found }) => found && verdictOf(found.interval) !== 'better');
  const incomparable = pairs.filter(({ found }) => found === null);
  const complete = pairs.every(({ found }) => found !== undefined);
  return {
    row,
    better: complete ? pairs.length > 0 && notSeparable.length === 0 && incomparable.length === 0 : null,
    others: pairs.length,
    notSeparable: notSeparable.map(({ pair }) => pair.second),
    incomparable: incomparable.map(({ pair }) => pair.second),
  };
}

/** Undefined until it has been computed. */
export function differenceOf(
  pair: ModelPair,
  split: ScoredSplit,
  measure: Measure,
  differences: LeaderboardState['differences'],
): PairDifference | undefined {
  return differences.get(pairKey(pair, split, measure));
}
