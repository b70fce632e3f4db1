import type { RunResult } from '../exports/report.ts';
import type { Database } from '../storage/database.ts';
import type { Embeddings } from '../storage/embeddings.ts';
import type { ImageRecord, IndexKind, Scores, Split } from '../types.ts';
import type { Rankings } from '../workers/protocol.ts';
import { frozenEmbeddings, frozenModelId } from './frozen-embeddings.ts';
import { buildIndex, medianQueryMs, openGallery } from './gallery.ts';
import { rankAll, scoreQueries } from './score.ts';

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
 * Evaluates the run on its test split. Accuracy comes from exact rankings (DESIGN §7), unless those of HNSW are asked
 * for. `test` is null where no query counts.
 */
export async function evaluateFrozen(
  database: Database,
  run: FrozenRun,
  settings: RunSettings,
  signal: AbortSignal,
): Promise<{ test: Scores | null; indexBuildMs: number; queryMsP50: number }> {
  const { ks, index, efSearch } = settings;
  const gallery = splitImages(run.images, 'gallery');
  const query = splitImages(run.images, 'query');
  if (gallery.length === 0 || query.length === 0) return { test: null, indexBuildMs: 0, queryMsP50: 0 };
  const key = galleryKey(run);
  await openGallery(key, () => runEmbeddings(database, run, 'gallery'));
  const { ms: indexBuildMs } = index === 'hnsw' ? await buildIndex(key, efSearch, signal, () => {}) : { ms: 0 };
  const queries = await runEmbeddings(database, run, 'query');
  const test = await scoreQueries({ key, index, queries }, classesOf(query), classesOf(gallery), ks, signal);
  return { test, indexBuildMs, queryMsP50: await medianQueryMs(key, queries, index) };
}

/** Ranks all queries: the first k of each. Rows count the images of splitImages(…, 'gallery'). */
export async function rankQueries(
  database: Database,
  run: FrozenRun,
  k: number,
  index: IndexKind,
  signal: AbortSignal,
): Promise<Rankings> {
  const key = galleryKey(run);
  await openGallery(key, () => runEmbeddings(database, run, 'gallery'));
  return rankAll({ key, index, queries: await runEmbeddings(database, run, 'query') }, k, signal);
}

const classesOf = (images: readonly ImageRecord[]) => images.map(({ className }) => className);

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
