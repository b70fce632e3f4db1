import { createStore } from 'zustand/vanilla';
import type { Notice } from '../data/notices.ts';
import type { Dataset, ImageRecord } from '../types.ts';

export interface DatasetState {
  readonly dataset: Dataset | null;
  /** The current data set's images, sorted by split (training, query, gallery) and path. */
  readonly images: readonly ImageRecord[];
  /** What a user may want otherwise about folders and classes, with what can be done. */
  readonly notices: readonly Notice[];
  /**
   * `here`: the dropped files can be read now. `locked`: the browser kept handles, one press asks for permission.
   * `gone`: the folder must be dropped again before anything new can be read from it.
   */
  readonly files: 'here' | 'locked' | 'gone';
}

export const datasetStore = createStore<DatasetState>()(() => ({
  dataset: null,
  images: [],
  notices: [],
  files: 'gone',
}));
