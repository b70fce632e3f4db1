import { createStore } from 'zustand/vanilla';
import type { MapLayout, MapStage } from '../../core/embedding-map.ts';
import type { ReadImage } from '../../core/run.ts';
import type { Progress } from '../../types.ts';

export type { MapLayout, MapStage } from '../../core/embedding-map.ts';
export type { ReadImage } from '../../core/run.ts';

/** The two-dimensional map of one run's embeddings. */
export interface EmbeddingMapState {
  /** `cancelled` and `failed`: the principal components, or how far UMAP came, are shown where there are any. */
  readonly status: 'empty' | 'drawing' | 'done' | 'cancelled' | 'failed';
  /** The run shown (an id of comparisonStore.runs). */
  readonly runId: string | null;
  /** Names what is shown by content: other images, another model or seed have another. */
  readonly key: string | null;
  readonly seed: number;
  /** Point i is images[i]: training first, queries last. */
  readonly images: readonly ReadImage[];
  /** Images that there were to draw from: more than `images` where these are a sample. */
  readonly available: number;
  /** Dimensions of the full space, in which neighbours are computed; null until known. */
  readonly dimensions: number | null;
  /** Null until the first is there. */
  readonly layout: MapLayout | null;
  readonly stage: MapStage | null;
  readonly progress: Progress | null;
  /** Found among the images of this run; null where none were looked for. */
  readonly clusters: MapClusters | null;
  /** Whether they are being looked for. */
  readonly clustering: boolean;
}

interface MapClusters {
  readonly runId: string;
  /** Cluster of each image by its path, counted from 0, the largest first. */
  readonly of: ReadonlyMap<string, number>;
  readonly count: number;
}

export const createEmbeddingMapStore = () =>
  createStore<EmbeddingMapState>()(() => ({
    status: 'empty',
    runId: null,
    key: null,
    seed: 0,
    images: [],
    available: 0,
    dimensions: null,
    layout: null,
    stage: null,
    progress: null,
    clusters: null,
    clustering: false,
  }));
