import { createStore } from 'zustand/vanilla';
import { type Cutoff, PRECISIONS } from '../../metrics/cutoff.ts';
import type { RunRow } from '../comparison/comparison.ts';

export { type Cutoff, PRECISIONS };

/** What the search screen hides: neighbours that are less similar than those that are right often enough. */
export interface CutoffState {
  /** Share of right neighbours that is wanted; null hides nothing. */
  readonly precision: number | null;
  /** The run that `reason` and `cutoff` are of; null while none has been measured. */
  readonly runId: string | null;
  /** Why this run has no cut-off at all; null where it has. */
  readonly reason: string | null;
  /** Null where nothing is wanted, or no similarity reaches it. */
  readonly cutoff: Cutoff | null;
}

export const createCutoffStore = () =>
  createStore<CutoffState>()(() => ({
    precision: null,
    runId: null,
    reason: null,
    cutoff: null,
  }));

/** Why it is unknown how often this run's neighbours are right above a similarity. */
export function noCutoffReason({ choice, result }: Pick<RunRow, 'choice' | 'result'>): string {
  if (choice.loaded !== null) {
    return 'There is no cut-off for this run: it is unknown which images a head from a file has seen, so none are left to measure it on.';
  }
  return result.validation === null
    ? 'There is no cut-off for this run: it is measured on validation images, and no training class is large enough to be divided.'
    : 'There is no cut-off for this run yet: an earlier version of this app scored it. The dashboard scores it again when it is opened.';
}
