import type { Run, RunMember } from '../../core/run.ts';
import type { ImageClasses, RunClasses } from '../../core/run-classes.ts';
import type { Head } from '../../heads/head.ts';
import type { ImageRecord } from '../../types.ts';

export interface SearchedClasses {
  readonly image: ImageClasses;
  readonly run: RunClasses;
}

/** The model that answers on the search screen, with its gallery in the search worker. */
export interface SearchSession {
  readonly run: Run;
  /** Its name among the runs. */
  readonly runId: string;
  /** Heads of its fine-tuned members. */
  readonly heads: ReadonlyMap<RunMember, Head>;
  /** The gallery's name in the search worker. */
  readonly key: string;
  /** Ends when the search worker holds the gallery, with what the chosen ranking needs. */
  opened: Promise<void>;
  /** What the run says of classes, looked up at the first call. */
  readonly classes: () => Promise<SearchedClasses>;
  /** Gallery images in row order. */
  readonly gallery: readonly ImageRecord[];
  /** Whether its rankings have been tried on validation images, or are being tried. */
  tried?: true;
  /** Ends the building of the index when another model is chosen. */
  readonly controller: AbortController;
}
