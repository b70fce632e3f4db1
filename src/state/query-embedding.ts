import { AppError } from '../errors.ts';
import { normaliseRows } from '../math/vectors.ts';
import { getFeatures, putFeatures } from '../storage/features.ts';
import { loadedBackbone, type UsableWeights } from './backbone-session.ts';
import { openFile } from './dataset-session.ts';
import type { Query } from './search.ts';
import { database, imagePool } from './session.ts';

export interface QueryEmbedding {
  /** Unit vector [D]. */
  readonly embedding: Float32Array<ArrayBuffer>;
  /** Time to embed; null where its features were stored. */
  readonly ms: number | null;
}

/** Embeds a query, unless its features are stored; they are from then on. `file` is null for images of the data set. */
export async function embedQuery(usable: UsableWeights, query: Query, file: Blob | null): Promise<QueryEmbedding> {
  const { featuresKey, preprocessing, weights } = usable;
  const { matrix, missing } = await getFeatures(database, featuresKey, [query.hash], weights.features);
  if (missing.length === 0) return { embedding: normaliseRows(matrix, weights.features), ms: null };
  const blob = file ?? (query.image ? await openFile(query.image.path) : null);
  if (!blob) throw new AppError('files-gone', 'The query image cannot be read any more. Drop it again.');
  const backbone = await loadedBackbone(usable);
  const start = performance.now();
  const { size, cropPct, interpolation } = preprocessing;
  const crops = await imagePool.run((api) => api.crops([blob], { size, cropPct, interpolation }));
  const [failure] = crops.failures;
  if (failure) throw new AppError('image-undecodable', failure);
  const features = await backbone.features(crops.pixels, 1);
  const ms = performance.now() - start;
  await putFeatures(database, featuresKey, [{ hash: query.hash, features }]);
  return { embedding: normaliseRows(features, weights.features), ms };
}
