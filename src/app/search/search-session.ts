import type { Run, RunMember } from '../../core/run.ts';
import type { Head } from '../../heads/head.ts';
import type { ImageRecord } from '../../types.ts';

/** The model that answers on the search screen, with its gallery in the search worker. */
export interface SearchSession {
  readonly run: Run;
  /** Its name among the runs. */
  readonly runId: string;
  /** Of its fine-tuned members. */
  readonly heads: ReadonlyMap<RunMember, Head>;
  /** The gallery's name in the search worker. */
  readonly key: string;
  /** Ends when the search worker holds the gallery. */
  readonly opened: Promise<void>;
  /** Gallery images in row order. */
  readonly gallery: readonly ImageRecord[];
  /** Ends the building of the index when another model is chosen. */
  readonly controller: AbortController;
}
