import { createStore } from 'zustand/vanilla';
import type { Cutoff } from '../metrics/cutoff.ts';
import type { RunRow } from './comparison.ts';

export type { Cutoff };

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

export const cutoffStore = createStore<CutoffState>()(() => ({
  precision: null,
  runId: null,
  reason: null,
  cutoff: null,
}));

/** Why nobody knows how often this run's neighbours are right above a similarity. */
export function noCutoffReason({ choice }: Pick<RunRow, 'choice'>): string {
  return choice.loaded === null
    ? 'A cut-off is measured on validation images, and this run has none: its training classes are too small to be divided, or have no labels.'
    : 'A cut-off is measured on validation images that the head has not seen, and nobody knows what a head from a file has seen.';
}
