import type { StoredRun } from './run-choice.ts';
import type { DownloadReport } from './weights-files.ts';

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
