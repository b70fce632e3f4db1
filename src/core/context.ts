import type { Events } from '../events.ts';
import type { Database } from '../storage/database.ts';
import type { ImageRecord, Progress } from '../types.ts';
import type { Backbones } from './backbones.ts';
import type { Change } from './changes.ts';
import type { Digests } from './digests.ts';
import type { SearchClient } from './search-client.ts';
import type { WeightsCatalogue } from './weights-catalogue.ts';
import type { Workers } from './workers.ts';

/** What the domain works with. It is handed in, so that the screens and the command line call the same functions. */
export interface Context {
  readonly database: Database;
  readonly workers: Workers;
  readonly search: SearchClient;
  readonly weights: WeightsCatalogue;
  readonly backbones: Backbones;
  readonly digests: Digests;
  /** Does work of the same name one after the other, across jobs. */
  inTurn<T>(name: string, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** Tells what has changed of what is stored. */
  readonly changes: Events<Change>;
}

/** The images that are worked on, of one data set. */
export interface Subject {
  readonly datasetId: string;
  readonly images: readonly ImageRecord[];
}

/** How a function that takes long is cancelled, and tells how far it is. */
export interface Step {
  readonly signal: AbortSignal;
  report(progress: Progress): void;
  /** Names what is being done now. */
  stage(name: string, unit?: string): void;
}
