import type { Events } from '../events.ts';
import type { Database } from '../storage/database.ts';
import type { ImageRecord, Progress } from '../types.ts';
import type { Backbones } from './backbones.ts';
import type { Digests } from './digests.ts';
import type { StoredRun } from './run-choice.ts';
import type { SearchClient } from './search-client.ts';
import type { WeightsCatalogue } from './weights-catalogue.ts';
import type { DownloadReport } from './weights-files.ts';
import type { Workers } from './workers.ts';

/** What has changed, and of which data set. Stores follow these, and are not called one by one. */
export type Change =
  /** A run was scored and stored. */
  | { readonly kind: 'run-scored'; readonly datasetId: string; readonly run: StoredRun }
  /** Runs of it were deleted, or are called otherwise. */
  | { readonly kind: 'results'; readonly datasetId: string }
  /** Embedding goes on, or has ended; `embedded` images of the data set have features now, null where that is not known. */
  | {
      readonly kind: 'embedding';
      readonly datasetId: string;
      readonly weightsId: string;
      readonly state: 'running' | 'ended';
      readonly embedded: number | null;
      readonly imagesPerSecond: number | null;
    }
  /** Images could not be embedded with these weights, or now could; by path, with the reason. */
  | {
      readonly kind: 'unembedded';
      readonly datasetId: string;
      readonly weightsId: string;
      readonly tried: readonly string[];
      readonly failures: readonly { readonly path: string; readonly reason: string }[];
    }
  /** Images, roles or labels of a data set are others now. */
  | { readonly kind: 'images'; readonly datasetId: string }
  /** Features of any data set were stored or deleted. */
  | { readonly kind: 'features' }
  /** A download goes on, or has ended: then `progress` is null, and `partialBytes` of it are kept. */
  | {
      readonly kind: 'download';
      readonly weightsId: string;
      readonly progress: DownloadReport | null;
      readonly partialBytes?: number;
    }
  /** Weights came or went. */
  | { readonly kind: 'weights' }
  /** The list of data sets, or what they are called. */
  | { readonly kind: 'datasets' }
  /** Pictures, or what nothing uses any more: only the room that is taken is another. */
  | { readonly kind: 'room' };

/** What the domain works with. It is handed in, so that the screens and the command line call the same functions. */
export interface Context {
  readonly database: Database;
  readonly workers: Workers;
  readonly search: SearchClient;
  readonly weights: WeightsCatalogue;
  readonly backbones: Backbones;
  readonly digests: Digests;
  /** Does work of the same name one after the other, across jobs. `onWait` is called where other work comes first. */
  inTurn<T>(name: string, signal: AbortSignal, work: () => Promise<T>, onWait?: () => void): Promise<T>;
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
