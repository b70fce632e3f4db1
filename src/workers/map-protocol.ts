import type { CallControl } from './protocol.ts';

/** What is being computed for a map, in this order. Units: passes over the data, images, epochs. */
export type MapStage = 'components' | 'neighbours' | 'layout';

/** Where the points lie, in the units of the method. */
export interface MapLayout {
  readonly method: 'pca' | 'umap';
  /** Row-major [points, 2]. */
  readonly coordinates: Float32Array<ArrayBuffer>;
  /** False of what comes before the end of UMAP. */
  readonly settled: boolean;
}

export interface MapReport {
  readonly stage: MapStage;
  readonly done: number;
  /** 0 while it is not known. */
  readonly total: number;
  /** Null where nothing has moved since the report before. */
  readonly layout: MapLayout | null;
}

/** workers/map.worker.ts: one map, then it is closed. Cancelling is closing it. */
export interface MapWorker {
  /**
   * A two-dimensional map of unit rows [n, dimensions], transferred. Progress messages are MapReports, the principal
   * components first; what it resolves to is the settled UMAP. Fewer than 5 points get the components alone.
   * Equal embeddings and seeds give equal maps.
   */
  draw(
    embeddings: Float32Array<ArrayBuffer>,
    dimensions: number,
    seed: number,
    control: CallControl,
  ): Promise<MapLayout>;
}
