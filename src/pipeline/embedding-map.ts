import { aborted } from '../errors.ts';
import { stratifiedSample } from '../math/stratified-sample.ts';
import type { Database } from '../storage/database.ts';
import { orderDigest } from '../storage/embeddings.ts';
import type { ImageRecord, Split } from '../types.ts';
import { connect, controlled, move } from '../workers/connect.ts';
import type { MapLayout, MapReport, MapWorker } from '../workers/map-protocol.ts';
import { modelId, type ReadImage, type Run, splitImages } from './run.ts';
import { runEmbeddings } from './run-embeddings.ts';

export type { MapLayout, MapReport, MapStage } from '../workers/map-protocol.ts';

/** Exact neighbours of so many take a minute at 512 dimensions; more dots than this cover each other on any screen. */
export const MOST_POINTS = 10_000;

const SPLITS: readonly Split[] = ['training', 'gallery', 'query'];

/** What is drawn on a map: point i is images[i]. */
export interface MapSubject {
  readonly images: readonly ReadImage[];
  /** Images that there were to draw from: more than there are points where these are a sample. */
  readonly available: number;
  /** Names the map by content: equal keys, equal maps. */
  readonly key: string;
}

/** The run's images in the order training, gallery, query; a seeded sample by split and class where there are more than `most`. */
export async function mapSubject(run: Run, seed: number, most = MOST_POINTS): Promise<MapSubject> {
  const all = SPLITS.flatMap((split) => splitImages(run.images, split));
  const strata = all.map(({ split, className }) => JSON.stringify([split, className]));
  const images = [...stratifiedSample(strata, most, seed)].flatMap((position) => all[position] ?? []);
  const digest = await orderDigest(
    images.map((image) => JSON.stringify([image.split, image.path, image.hash, image.className])),
  );
  return { images, available: all.length, key: `${run.datasetId}/${await modelId(run)}/${digest}/${seed}` };
}

/** Their embeddings, a row a point, from what is stored of each split. */
export async function mapEmbeddings(
  database: Database,
  run: Run,
  { images }: MapSubject,
): Promise<{ matrix: Float32Array<ArrayBuffer>; dimensions: number }> {
  let matrix = new Float32Array(0);
  let dimensions = 0;
  for (const split of SPLITS) {
    const rowOf = new Map(splitImages(run.images, split).map(({ path }, row) => [path, row]));
    if (!images.some((image) => image.split === split)) continue;
    const stored = await runEmbeddings(database, run, split);
    dimensions = stored.dimensions;
    if (matrix.length === 0) matrix = new Float32Array(images.length * dimensions);
    images.forEach((image: ImageRecord, point) => {
      const row = image.split === split ? rowOf.get(image.path) : undefined;
      if (row === undefined) return;
      matrix.set(stored.matrix.subarray(row * dimensions, (row + 1) * dimensions), point * dimensions);
    });
  }
  return { matrix, dimensions };
}

/**
 * Draws the map in a worker of its own, which a cancellation closes: so it ends at once whatever is being computed.
 * `matrix` [n, dimensions] is transferred. Resolves to the settled map.
 */
export async function drawMap(
  matrix: Float32Array<ArrayBuffer>,
  dimensions: number,
  seed: number,
  signal: AbortSignal,
  onReport: (report: MapReport) => void,
): Promise<MapLayout> {
  if (signal.aborted) throw aborted();
  const connection = connect<MapWorker>(
    new Worker(new URL('../workers/map.worker.ts', import.meta.url), { type: 'module', name: 'map' }),
  );
  const cancelled = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(aborted()), { once: true });
  });
  try {
    const drawn = controlled<MapReport, MapLayout>(
      // Not the caller's: the worker hears nothing until it is done.
      new AbortController().signal,
      (report) => {
        if (!signal.aborted) onReport(report);
      },
      (control) => connection.api.draw(move(matrix, matrix.buffer), dimensions, seed, control),
    );
    return await Promise.race([drawn, cancelled]);
  } finally {
    connection.close();
  }
}
