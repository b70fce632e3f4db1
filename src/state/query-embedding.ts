import { AppError } from '../errors.ts';
import type { Head } from '../heads/head.ts';
import { embedImages } from '../pipeline/embed-images.ts';
import type { Run, RunMember } from '../pipeline/run.ts';
import { repeatedOnce } from '../pipeline/worker-faults.ts';
import { getFeatures, putFeatures } from '../storage/features.ts';
import { loadedBackbone } from './backbone-session.ts';
import { openFile } from './dataset-session.ts';
import type { Query } from './search.ts';
import { database, imagePool } from './session.ts';
import { findWeightsById, usableWeights } from './weights.ts';

export interface QueryEmbedding {
  /** Unit vector. */
  readonly embedding: Float32Array<ArrayBuffer>;
  /** Time to compute features; null where they were all stored. */
  readonly ms: number | null;
}

/**
 * Embeds a query as the run's gallery was. Features that are not stored are computed, and are stored from then on.
 * `file` is null for images of the data set.
 */
export async function embedQuery(
  run: Run,
  heads: ReadonlyMap<RunMember, Head>,
  query: Query,
  file: Blob | null,
): Promise<QueryEmbedding> {
  let ms: number | null = null;
  for (const member of run.members) {
    const { missing } = await getFeatures(database, member.featuresKey, [query.hash], member.dimensions);
    if (missing.length === 0) continue;
    ms = (ms ?? 0) + (await computeFeatures(member, query, file));
  }
  const { matrix } = await embedImages(database, run, [query.hash], heads);
  return { embedding: matrix, ms };
}

/** Resolves to the milliseconds that it took, the backbone being loaded. */
async function computeFeatures(member: RunMember, query: Query, file: Blob | null): Promise<number> {
  const blob = file ?? (query.image ? await openFile(query.image.path) : null);
  if (!blob) throw new AppError('files-gone', 'The query image cannot be read any more. Drop it again.');
  const weights = findWeightsById(member.weightsId);
  const usable = weights && usableWeights(weights);
  if (!usable)
    throw new AppError('weights-missing', `The weights ${member.weightsId} are not there. Download them first.`);
  const backbone = await loadedBackbone(usable);
  const start = performance.now();
  const { size, cropPct, interpolation } = usable.preprocessing;
  const crops = await repeatedOnce(null, () =>
    imagePool.run((api) => api.crops([blob], { size, cropPct, interpolation })),
  );
  const [failure] = crops.failures;
  if (failure) throw new AppError('image-undecodable', failure);
  const features = await repeatedOnce(null, () => backbone.features(crops.pixels, 1));
  const ms = performance.now() - start;
  await putFeatures(database, member.featuresKey, [{ hash: query.hash, features }]);
  return ms;
}
