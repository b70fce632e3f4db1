import { AppError } from '../errors.ts';
import type { Head } from '../heads/head.ts';
import { getFeatures, putFeatures } from '../storage/features.ts';
import { isImported } from '../storage/imported.ts';
import type { CropFrame } from '../types.ts';
import type { Context } from './context.ts';
import type { Run, RunMember } from './run.ts';
import { embedFeatures } from './run-embeddings.ts';
import { assertDirection } from './told-apart.ts';
import { missingWeights } from './weights-catalogue.ts';
import { repeatedOnce } from './worker-faults.ts';

/** An image that is searched with. */
export interface QueryImage {
  /** SHA-256 of the file. */
  readonly hash: string;
  /** The part of the picture that is searched with; null is all of it. */
  readonly crop: CropFrame | null;
  /** Reads the file; asked for where features are not stored. Rejects with AppError 'files-gone' where it is gone. */
  open(): Promise<Blob>;
}

export interface QueryEmbedding {
  /** Unit vector. */
  readonly embedding: Float32Array<ArrayBuffer>;
  /** By their keys, [D] each. */
  readonly features: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
  /** Time to compute features; null where they were all stored. */
  readonly ms: number | null;
  /**
   * Stores the features that were computed, for the next time: called beside the search, which need not wait for it. Those
   * of a part of a picture are not stored, since the same frame is hardly drawn twice.
   */
  keep(): Promise<void>;
}

/** Embeds a query as the run's gallery was. Features that are not stored are computed, once for each backbone. */
export async function embedQuery(
  context: Context,
  run: Run,
  heads: ReadonlyMap<RunMember, Head>,
  query: QueryImage,
): Promise<QueryEmbedding> {
  const { database } = context;
  // The frozen and the fine-tuned member of one backbone share their features.
  const features = new Map<string, Float32Array<ArrayBuffer>>();
  const computed = new Map<string, Float32Array<ArrayBuffer>>();
  let file: Promise<Blob> | null = null;
  const opened = () => {
    file ??= query.open();
    return file;
  };
  let ms: number | null = null;
  for (const member of run.members) {
    const { featuresKey, dimensions } = member;
    if (features.has(featuresKey)) continue;
    // A picture of the user's own may be in another data set, which others made.
    const isKept = !query.crop && !(await isImported(database, featuresKey, query.hash, run.datasetId));
    const stored = isKept ? await getFeatures(database, featuresKey, [query.hash], dimensions) : null;
    if (stored && stored.missing.length === 0) {
      features.set(featuresKey, stored.matrix);
      continue;
    }
    const made = await computeFeatures(context, member, await opened(), query.crop);
    features.set(featuresKey, made.features);
    computed.set(featuresKey, made.features);
    ms = (ms ?? 0) + made.ms;
  }
  const { matrix } = await embedFeatures(context, run, heads, async ({ featuresKey, dimensions }) =>
    (features.get(featuresKey) ?? new Float32Array(dimensions)).slice(),
  );
  assertDirection(context, run, matrix);
  return {
    embedding: matrix,
    features,
    ms,
    async keep() {
      if (query.crop) return;
      for (const [featuresKey, row] of computed) {
        await putFeatures(database, featuresKey, [{ hash: query.hash, features: row }]);
      }
    },
  };
}

/** `ms` is the time that it took, the backbone being loaded. */
async function computeFeatures(
  { weights: catalogue, workers, backbones }: Context,
  { weightsId }: RunMember,
  file: Blob,
  crop: CropFrame | null,
): Promise<{ features: Float32Array<ArrayBuffer>; ms: number }> {
  const weights = catalogue.find(weightsId);
  if (weights?.architecture === 'own-vectors') {
    const sentence = `“${weights.label}” are vectors that you imported: only images of the data set that have one can be searched with. Choose such an image, or another model.`;
    throw new AppError('weights-missing', sentence);
  }
  if (!weights) {
    const sentence = `This needs the weights “${weightsId}”, which are neither in this browser nor in the list of models. Drop their model.safetensors, or look them up on the models screen.`;
    throw new AppError('weights-missing', sentence);
  }
  const usable = catalogue.usable(weights);
  if (!usable) throw missingWeights(weights);
  return backbones.use(usable, async (backbone) => {
    const start = performance.now();
    const crops = await repeatedOnce(null, () =>
      workers.images.run((api) => api.crops([file], { ...usable.preprocessing, ...(crop ? { frame: crop } : {}) })),
    );
    const [failure] = crops.failures;
    if (failure) throw new AppError('image-undecodable', failure);
    const features = await repeatedOnce(null, () => backbone.features(crops.pixels, 1));
    return { features, ms: performance.now() - start };
  });
}
