import { createStore } from 'zustand/vanilla';
import type { StoredDataset } from '../../storage/schema.ts';

export interface DatasetSummary {
  readonly id: string;
  readonly name: string;
  readonly images: number;
  /** When it was opened first, in milliseconds since 1970. */
  readonly createdAt: number;
}

export interface DatasetListState {
  /** `loading` until what is stored has been read once. */
  readonly status: 'loading' | 'empty' | 'ready';
  readonly datasets: readonly DatasetSummary[];
}

/** The data sets of this browser. */
export const datasetListStore = createStore<DatasetListState>()(() => ({ status: 'loading', datasets: [] }));

/** What the list says of a stored data set. */
export const summaryOf = ({ id, name, images, createdAt }: StoredDataset): DatasetSummary => ({
  id,
  name,
  images,
  createdAt,
});

/** Adds a data set to the list, or changes what it says of it. */
export function listDataset(summary: DatasetSummary): void {
  datasetListStore.setState(({ datasets }) => ({
    status: 'ready',
    datasets: datasets.some(({ id }) => id === summary.id)
      ? datasets.map((known) => (known.id === summary.id ? summary : known))
      : [...datasets, summary],
  }));
}
