import type { FrozenRun } from '../pipeline/frozen-run.ts';
import type { ImageRecord } from '../types.ts';
import type { UsableWeights } from './backbone-session.ts';

/** The model that answers on the search screen, with its gallery in the search worker. */
export interface SearchSession {
  readonly run: FrozenRun;
  readonly usable: UsableWeights;
  /** The gallery's name in the search worker. */
  readonly key: string;
  /** Gallery images in row order. */
  readonly gallery: readonly ImageRecord[];
  /** Ends the building of the index when another model is chosen. */
  readonly controller: AbortController;
}

let current: SearchSession | null = null;

export const searchSession = (): SearchSession | null => current;

/** Replaces the session; what the one before was still building ends. */
export function replaceSearchSession(next: SearchSession | null): void {
  current?.controller.abort();
  current = next;
}
