import { createStore } from 'zustand/vanilla';
import type { Dataset, ImageRecord } from '../types.ts';

export interface DatasetSummary {
  readonly id: string;
  readonly name: string;
  readonly images: number;
}

export interface DatasetState {
  /** `loading` until what is stored has been read once. */
  readonly status: 'loading' | 'empty' | 'ready';
  readonly datasets: readonly DatasetSummary[];
  readonly dataset: Dataset | null;
  /** The current data set's images, sorted by split (training, query, gallery) and path. */
  readonly images: readonly ImageRecord[];
  /**
   * `here`: the dropped files can be read now. `locked`: the browser kept handles, one press asks for permission.
   * `gone`: the folder must be dropped again before anything new can be read from it.
   */
  readonly files: 'here' | 'locked' | 'gone';
}

export const datasetStore = createStore<DatasetState>()(() => ({
  status: 'loading',
  datasets: [],
  dataset: null,
  images: [],
  files: 'gone',
}));
