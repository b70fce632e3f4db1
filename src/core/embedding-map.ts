import { aborted } from '../errors.ts';
import { stratifiedSample } from '../math/random.ts';
import { orderDigest } from '../storage/embeddings.ts';
import type { Split } from '../types.ts';
import type { Clusters } from '../workers/analysis-protocol.ts';
import { connect, controlled, move } from '../workers/connect.ts';
import type { MapLayout, MapReport, MapWorker } from '../workers/map-protocol.ts';
import type { Context, Step } from './context.ts';
import { createMeter } from './meter.ts';
import { modelId, type ReadImage, type Run, splitImages } from './run.ts';
import { runBlocks } from './run-blocks.ts';
import { repeatedOnce } from './worker-faults.ts';

export type { MapLayout, MapReport, MapStage } from '../workers/map-protocol.ts';

/** Their map takes a minute or two, and can still be moved fluently. */
const MOST_POINTS = 100_000;
/** The most numbers of embeddings that the map's worker gets in one piece: a quarter of a gigabyte. */
const MOST_NUMBERS = 2 ** 26;

const SPLITS: readonly Split[] = ['training', 'gallery', 'query'];

/** What is drawn on a map: point i is images[i]. */
export interface MapSubject {
  readonly images: readonly ReadImage[];
  /** Images that there were to draw from: more than there are points where these are a sample. */
  readonly available: number;
  /** Names the map by content: equal keys, equal maps. */
  readonly key: string;
}

/** Points of the run's map at most: longer embeddings, fewer of them. */
function mostPoints({ members }: Run): number {
  const widest = members.reduce((sum, { dimensions }) => sum + dimensions, 0);
  return Math.min(MOST_POINTS, Math.floor(MOST_NUMBERS / Math.max(1, widest)));
}

/**
 * The run's images in the order training, gallery, query; a seeded sample by split and class where there are more than
 * `most`. The name says nothing of classes, which may change while points stay where they are.
 */
export async function mapSubject(run: Run, seed: number, most = mostPoints(run)): Promise<MapSubject> {
  const all = SPLITS.flatMap((split) => splitImages(run.images, split));
  const strata = all.map(({ split, className }) => JSON.stringify([split, className]));
  const images = [...stratifiedSample(strata, most, seed)].flatMap((position) => all[position] ?? []);
  const digest = await orderDigest(images.map((image) => JSON.stringify([image.split, image.path, image.hash])));
  return { images, available: all.length, key: `${run.datasetId}/${await modelId(run)}/${digest}/${seed}` };
}

/** Their embeddings, a row a point, from what is stored of each split. */
export async function mapEmbeddings(
  context: Context,
  run: Run,
  { images }: MapSubject,
): Promise<{ matrix: Float32Array<ArrayBuffer>; dimensions: number }> {
  let matrix = new Float32Array(0);
  let dimensions = 0;
  for (const split of SPLITS) {
    const pointOf = new Map<string, number>();
    images.forEach((image, point) => {
      if (image.split === split) pointOf.set(image.path, point);
    });
    if (pointOf.size === 0) continue;
    const points = splitImages(run.images, split).map(({ path }) => pointOf.get(path));
    let first = 0;
    for await (const block of runBlocks(context, run, split).blocks()) {
      dimensions = block.dimensions;
      if (matrix.length === 0) matrix = new Float32Array(images.length * dimensions);
      const rows = block.matrix.length / dimensions;
      for (let row = 0; row < rows; row++) {
        const point = points[first + row];
        if (point === undefined) continue;
        matrix.set(block.matrix.subarray(row * dimensions, (row + 1) * dimensions), point * dimensions);
      }
      first += rows;
    }
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

/** Which of `count` clusters each image of a map belongs to, by what the run has embedded: k-means in the full space. */
export function clustersOf(
  context: Context,
  run: Run,
  subject: MapSubject,
  count: number,
  seed: number,
  { signal, report }: Pick<Step, 'signal' | 'report'>,
): Promise<Clusters> {
  const meter = createMeter(subject.images.length);
  return repeatedOnce(signal, async () => {
    const { matrix, dimensions } = await mapEmbeddings(context, run, subject);
    return controlled<number, Clusters>(
      signal,
      (share) => report(meter.reach(Math.floor(share * subject.images.length))),
      async (control) =>
        (await context.workers.analysis.api()).clusters(move(matrix, matrix.buffer), dimensions, count, seed, control),
    );
  });
}
