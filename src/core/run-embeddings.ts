import { AppError } from '../errors.ts';
import { type Embeddings, getEmbeddings, putEmbeddings } from '../storage/embeddings.ts';
import type { Split } from '../types.ts';
import type { Context } from './context.ts';
import { embedImages, headsOf } from './embed-images.ts';
import { modelId, type Run } from './run.ts';

/** The run's embeddings of a split, in the order of splitImages: from storage, else made from features and stored. */
export async function runEmbeddings(context: Context, run: Run, split: Split): Promise<Embeddings> {
  const { hashes, digest } = await context.digests.order(run, split);
  const key = { datasetId: run.datasetId, modelId: await modelId(run), split };
  const stored = await getEmbeddings(context.database, key, digest);
  if (stored) return stored;
  const embeddings = await embedImages(context, run, hashes, await headsOf(context, run, 'heads'));
  try {
    await putEmbeddings(context.database, key, digest, embeddings);
  } catch (error) {
    // They are made again from the features in seconds: no reason to stop, where there is no room for them.
    if (!(error instanceof AppError) || error.code !== 'storage-full') throw error;
  }
  return embeddings;
}
