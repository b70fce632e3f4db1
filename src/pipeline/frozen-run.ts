import type { RunResult } from '../exports/report.ts';
import type { Database } from '../storage/database.ts';
import type { Embeddings } from '../storage/embeddings.ts';
import type { ImageRecord, IndexKind, Scores, Split } from '../types.ts';
import { frozenEmbeddings, frozenModelId } from './frozen-embeddings.ts';
import { buildIndex, measureRecall, openGallery } from './gallery.ts';
import { scoreQueries } from './score.ts';

/** A frozen single model on a data set whose images (all with a hash) have been embedded. */
export interface FrozenRun {
  readonly datasetId: string;
  readonly weightsId: string;
  readonly architecture: string;
  readonly featuresKey: string;
  readonly dimensions: number;
  readonly images: readonly ImageRecord[];
}

export interface RunSettings {
  readonly ks: readonly number[];
  readonly index: IndexKind;
  readonly efSearch: number;
}

/** The images of a split that have been read, in row order. */
export function splitImages(images: readonly ImageRecord[], split: Split): (ImageRecord & { readonly hash: string })[] {
  return images.flatMap((image) =>
    image.split === split && image.hash !== null ? [{ ...image, hash: image.hash }] : [],
  );
}

/** Embeddings of one split of the run, in the order of splitImages. */
export function runEmbeddings(database: Database, run: FrozenRun, split: Split): Promise<Embeddings> {
  const { datasetId, featuresKey, dimensions, images } = run;
  const hashes = splitImages(images, split).map(({ hash }) => hash);
  return frozenEmbeddings(database, { datasetId, split, hashes, featuresKey, dimensions });
}

/** Names the run's gallery in the search worker. */
export function galleryKey({ datasetId, featuresKey, images }: FrozenRun): string {
  return `${datasetId}/${frozenModelId(featuresKey)}/${splitImages(images, 'gallery').length}`;
}

/**
 * Evaluates the run on its test split. Accuracy comes from exact rankings (DESIGN §7); the index asked for is built and
 * timed beside it.
 */
export async function evaluateFrozen(
  database: Database,
  run: FrozenRun,
  settings: RunSettings,
  signal: AbortSignal,
): Promise<{ test: Scores | null; indexBuildMs: number; queryMsP50: number; recallAt10: number | null }> {
  const gallery = splitImages(run.images, 'gallery');
  const query = splitImages(run.images, 'query');
  const nothing = { test: null, indexBuildMs: 0, queryMsP50: 0, recallAt10: null };
  if (gallery.length === 0 || query.length === 0) return nothing;
  const key = galleryKey(run);
  await openGallery(key, () => runEmbeddings(database, run, 'gallery'));
  const queries = await runEmbeddings(database, run, 'query');
  const classes = (images: readonly ImageRecord[]) => images.map(({ className }) => className);
  const test = await scoreQueries(key, queries, classes(query), classes(gallery), settings.ks, signal);
  const { ms } = await buildIndex(key, settings.efSearch, signal, () => {});
  const { recallAt10, hnswMs, exactMs } = await measureRecall(key, queries);
  const hnsw = settings.index === 'hnsw';
  return { test, indexBuildMs: hnsw ? ms : 0, queryMsP50: hnsw ? hnswMs : exactMs, recallAt10 };
}

/** The run as the report and the storage know it. */
export function frozenResult(run: FrozenRun, test: Scores | null, timing: RunResult['timing']): RunResult {
  return {
    model: run.architecture,
    head: 'frozen',
    classifier: null,
    combine: null,
    seed: 0,
    weights: [run.weightsId],
    test,
    validation: null,
    training: null,
    timing,
  };
}
