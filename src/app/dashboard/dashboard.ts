import { createStore } from 'zustand/vanilla';
import { HEADLINE, type MetricKey } from '../../metrics/registry.ts';
import type { QueryNeighbours, QueryOutcomes, ScoredSplit } from '../../types.ts';

export { isWithin, scoredImages } from '../../core/scored-images.ts';

/** The runs that are looked at: one, or two side by side. They rule every tab of the dashboard. */
export interface DashboardState {
  readonly status: 'loading' | 'ready';
  readonly split: ScoredSplit;
  /** What models are judged by: it rules order, chips, verdicts, the run shown unless one is chosen, and the report. */
  readonly metric: MetricKey;
  /** The run shown (an id of comparisonStore.runs); null while there is none. */
  readonly a: string | null;
  /** Whether the user has chosen `a`; else it is the best one, also when runs come or the metric changes. */
  readonly aChosen: boolean;
  /** What it is compared with. */
  readonly b: string | null;
  /** What the leaderboard shows besides; null for the columns that there is room for. Remembered for every data set. */
  readonly columns: readonly MetricKey[] | null;
  /** Whether the average over classes stands below the one over queries. */
  readonly macro: boolean;
  /** Of `split`, by run id. A run that was not scored on it has none. */
  readonly outcomes: ReadonlyMap<string, QueryOutcomes>;
  /** Of `split`, for `a` and `b` alone: 4 MB for 5,000 queries. */
  readonly neighbours: ReadonlyMap<string, QueryNeighbours>;
}

/** `a: null` is the best run at any time. */
export type DashboardChoice = Partial<Pick<DashboardState, 'a' | 'b' | 'split' | 'metric'>>;

export const createDashboardStore = () =>
  createStore<DashboardState>()(() => ({
    status: 'loading',
    split: 'test',
    metric: HEADLINE.key,
    a: null,
    aChosen: false,
    b: null,
    columns: null,
    macro: false,
    outcomes: new Map(),
    neighbours: new Map(),
  }));
