import { AppError } from '../errors.ts';
import type { Database } from '../storage/database.ts';
import { type Embeddings, getEmbeddings, putEmbeddings } from '../storage/embeddings.ts';
import type { Split } from '../types.ts';
import { embedImages, headsOf } from './embed-images.ts';
import { modelId, type Run, splitOrder } from './run.ts';

/** The run's embeddings of a split, in the order of splitImages: from storage, else made from features and stored. */
export async function runEmbeddings(database: Database, run: Run, split: Split): Promise<Embeddings> {
  const { hashes, digest } = await splitOrder(run, split);
  const key = { datasetId: run.datasetId, modelId: await modelId(run), split };
  const stored = await getEmbeddings(database, key, digest);
  if (stored) return stored;
  const embeddings = await embedImages(database, run, hashes, await headsOf(database, run, 'heads'));
  try {
    await putEmbeddings(database, key, digest, embeddings);
  } catch (error) {
    // They are made again from the features in seconds: no reason to stop, where there is no room for them.
    if (!(error instanceof AppError) || error.code !== 'storage-full') throw error;
  }
  return embeddings;
}
