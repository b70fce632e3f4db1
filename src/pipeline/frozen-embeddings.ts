import { createSlices } from '../data/slices.ts';
import { AppError } from '../errors.ts';
import { normaliseRows } from '../math/vectors.ts';
import type { Database } from '../storage/database.ts';
import { type Embeddings, getEmbeddings, orderDigest, putEmbeddings } from '../storage/embeddings.ts';
import { getFeatures } from '../storage/features.ts';
import type { Split } from '../types.ts';

/** Rows normalised without a pause: 1–2 ms of work. */
const ROWS_AT_ONCE = 256;

export interface FrozenSource {
  readonly datasetId: string;
  readonly split: Split;
  /** Hashes of the split's images, in row order. */
  readonly hashes: readonly string[];
  readonly featuresKey: string;
  /** Number of features D. */
  readonly dimensions: number;
}

/** The id of a frozen single model among stored embeddings: it names the weights by content. */
export const frozenModelId = (featuresKey: string): string => `frozen:${featuresKey}`;

/**
 * Embeddings of a split by a frozen single model: the features, L2-normalised, [n, D]. Taken from storage, else made
 * from stored features and stored. Throws AppError 'dataset-unusable' where features are missing.
 */
export async function frozenEmbeddings(database: Database, source: FrozenSource): Promise<Embeddings> {
  const { datasetId, split, hashes, featuresKey, dimensions } = source;
  const key = { datasetId, modelId: frozenModelId(featuresKey), split };
  const digest = await orderDigest(hashes);
  const stored = await getEmbeddings(database, key, digest);
  if (stored) return stored;
  const { matrix, missing } = await getFeatures(database, featuresKey, hashes, dimensions);
  if (missing.length > 0) {
    throw new AppError(
      'dataset-unusable',
      `${missing.length} ${split} images have not been embedded. Press Embed to go on.`,
    );
  }
  const slice = createSlices();
  for (let start = 0; start < matrix.length; start += ROWS_AT_ONCE * dimensions) {
    const part = matrix.subarray(start, start + ROWS_AT_ONCE * dimensions);
    part.set(normaliseRows(part, dimensions));
    await slice();
  }
  const embeddings = { matrix, dimensions };
  await putEmbeddings(database, key, digest, embeddings);
  return embeddings;
}
