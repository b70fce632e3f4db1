import { createStore } from 'zustand/vanilla';
import type { CachedWeights, Scores, Weights } from '../../types.ts';

export interface DownloadView {
  readonly receivedBytes: number;
  readonly totalBytes: number | null;
  readonly bytesPerSecond: number | null;
  readonly secondsLeft: number | null;
}

/** A row of the models screen. */
export interface ModelRow {
  readonly weights: Weights;
  readonly ticked: boolean;
  /** Null while not in the browser's cache; the descriptor needs none. */
  readonly cached: CachedWeights | null;
  /** Bytes of an unfinished download that will be continued. */
  readonly partialBytes: number;
  readonly download: DownloadView | null;
  /** Images of the current data set that have features, of all that could. */
  readonly embedded: number;
  readonly embedding: boolean;
  readonly imagesPerSecond: number | null;
  /** Of the frozen model on the test split, once all is embedded and labels are known. */
  readonly scores: Scores | null;
}

export interface ModelsState {
  readonly rows: readonly ModelRow[];
  /** Whether the rows say what is embedded: after the start, 100,000 images take their time to be counted. */
  readonly counted: boolean;
}

export const createModelsStore = () => createStore<ModelsState>()(() => ({ rows: [], counted: false }));

/** A row without what belongs to a data set. */
export const uncounted = (row: ModelRow): ModelRow => ({
  ...row,
  embedded: 0,
  embedding: false,
  imagesPerSecond: null,
  scores: null,
});

/** Images a second that these weights were measured at on this machine; null while unknown. */
export const speedIn = (rows: readonly ModelRow[], weightsId: string): number | null =>
  rows.find(({ weights }) => weights.id === weightsId)?.imagesPerSecond ?? null;
