import { createStore } from 'zustand/vanilla';
import type { QueryNeighbours, QueryOutcomes, ScoredSplit } from '../../types.ts';

export { scoredImages } from '../../core/evaluate-run.ts';

/** The runs that are looked at: one, or two side by side. They rule every tab of the dashboard. */
export interface DashboardState {
  readonly status: 'loading' | 'ready';
  readonly split: ScoredSplit;
  /** The run shown (an id of comparisonStore.runs); null while there is none. */
  readonly a: string | null;
  /** What it is compared with. */
  readonly b: string | null;
  /** Of `split`, by run id. A run that was not scored on it has none. */
  readonly outcomes: ReadonlyMap<string, QueryOutcomes>;
  /** Of `split`, for `a` and `b` alone: 4 MB for 5,000 queries. */
  readonly neighbours: ReadonlyMap<string, QueryNeighbours>;
}

export const createDashboardStore = () =>
  createStore<DashboardState>()(() => ({
    status: 'loading',
    split: 'test',
    a: null,
    b: null,
    outcomes: new Map(),
    neighbours: new Map(),
  }));
