import { embedFeatures, embedImages } from '../core/embed-images.ts';
import type { Run, RunMember } from '../core/run.ts';
import { repeatedOnce } from '../core/worker-faults.ts';
import { AppError } from '../errors.ts';
import type { Head } from '../heads/head.ts';
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
 * Embeds a query as the run's gallery was. Features that are not stored are computed, and are stored from then on; those
 * of a part of a picture are not, since nobody draws the same frame twice. `file` is null for images of the data set.
 */
export async function embedQuery(
  run: Run,
  heads: ReadonlyMap<RunMember, Head>,
  query: Query,
  file: Blob | null,
): Promise<QueryEmbedding> {
  if (query.crop) return embedPart(run, heads, query, file);
  let ms: number | null = null;
  for (const member of run.members) {
    const { missing } = await getFeatures(database, member.featuresKey, [query.hash], member.dimensions);
    if (missing.length === 0) continue;
    const computed = await computeFeatures(member, query, file);
    await putFeatures(database, member.featuresKey, [{ hash: query.hash, features: computed.features }]);
    ms = (ms ?? 0) + computed.ms;
  }
  const { matrix } = await embedImages(database, run, [query.hash], heads);
  return { embedding: matrix, ms };
}

async function embedPart(
  run: Run,
  heads: ReadonlyMap<RunMember, Head>,
  query: Query,
  file: Blob | null,
): Promise<QueryEmbedding> {
  let ms = 0;
  // The frozen and the fine-tuned member of one backbone share their features.
  const features = new Map<string, Float32Array<ArrayBuffer>>();
  for (const member of run.members) {
    if (features.has(member.featuresKey)) continue;
    const computed = await computeFeatures(member, query, file);
    features.set(member.featuresKey, computed.features);
    ms += computed.ms;
  }
  const { matrix } = await embedFeatures(run, heads, async ({ featuresKey, dimensions }) =>
    (features.get(featuresKey) ?? new Float32Array(dimensions)).slice(),
  );
  return { embedding: matrix, ms };
}

/** `ms` is the time that it took, the backbone being loaded. */
async function computeFeatures(
  member: RunMember,
  query: Query,
  file: Blob | null,
): Promise<{ features: Float32Array<ArrayBuffer>; ms: number }> {
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
    imagePool.run((api) =>
      api.crops([blob], { size, cropPct, interpolation, ...(query.crop ? { frame: query.crop } : {}) }),
    ),
  );
  const [failure] = crops.failures;
  if (failure) throw new AppError('image-undecodable', failure);
  const features = await repeatedOnce(null, () => backbone.features(crops.pixels, 1));
  return { features, ms: performance.now() - start };
}
