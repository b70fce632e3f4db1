import { AppError } from '../errors.ts';
import { numeralOf } from '../numerals.ts';
import type { Database } from '../storage/database.ts';
import { getFeatures } from '../storage/features.ts';

/** Stored features [n, dimensions] in the order of `hashes`. Throws AppError 'dataset-unusable' where some are missing. */
export async function loadFeatures(
  database: Database,
  featuresKey: string,
  hashes: readonly string[],
  dimensions: number,
): Promise<Float32Array<ArrayBuffer>> {
  const { matrix, missing } = await getFeatures(database, featuresKey, hashes, dimensions);
  if (missing.length === 0) return matrix;
  throw new AppError(
    'dataset-unusable',
    `${numeralOf(missing.length, 'image has', 'images have')} not been embedded yet. Embed them first.`,
  );
}
