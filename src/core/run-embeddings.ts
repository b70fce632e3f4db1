import { createSlices } from '../data/slices.ts';
import { AppError } from '../errors.ts';
import type { Head } from '../heads/head.ts';
import { EMBEDDING_SIZE } from '../heads/parameters.ts';
import { normaliseRows } from '../math/vectors.ts';
import { type Embeddings, getEmbeddings, putEmbeddings } from '../storage/embeddings.ts';
import { loadFeatures } from '../storage/features.ts';
import type { Split } from '../types.ts';
import { move } from '../workers/connect.ts';
import type { OwnedEmbeddings } from '../workers/training-protocol.ts';
import type { Context } from './context.ts';
import { modelId, type Run, type RunMember, trainedTogether } from './run.ts';
import { named } from './setbacks.ts';
import { storedHeads } from './train-heads.ts';
import { repeatedOnce } from './worker-faults.ts';

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

/** Rows normalised without a pause: 1–2 ms of work. */
const ROWS_AT_ONCE = 256;

/** `heads` have learned from all of training/, `fitHeads` have not seen the validation rows. */
export type HeadChoice = 'heads' | 'fitHeads';

/** Each fine-tuned member's head. Throws AppError 'dataset-unusable' where one is not trained. */
export async function headsOf(context: Context, run: Run, choice: HeadChoice): Promise<ReadonlyMap<RunMember, Head>> {
  const heads = new Map<RunMember, Head>();
  for (const group of trainedTogether(run)) {
    const trained = await storedHeads(context, run, group);
    group.forEach((member, i) => {
      const head = trained[choice][i];
      if (head) heads.set(member, head);
    });
  }
  return heads;
}

/**
 * The run's embeddings of images by their hashes: unit rows in the order given, from stored features. Where the training
 * worker dies, they are made once more on a new one.
 */
export function embedImages(
  context: Context,
  run: Run,
  hashes: readonly string[],
  heads: ReadonlyMap<RunMember, Head>,
): Promise<Embeddings> {
  return embedFeatures(context, run, heads, (member) =>
    loadFeatures(context.database, member.featuresKey, hashes, member.dimensions),
  );
}

/**
 * As embedImages, from features at hand. `featuresOf` gives a member's rows, new ones each time that it is asked: they
 * are moved to the training worker or changed in place.
 */
export function embedFeatures(
  context: Context,
  run: Run,
  heads: ReadonlyMap<RunMember, Head>,
  featuresOf: (member: RunMember) => Promise<Float32Array<ArrayBuffer>>,
): Promise<Embeddings> {
  return repeatedOnce(null, () => embedAll(context, run, heads, featuresOf));
}

async function embedAll(
  context: Context,
  run: Run,
  heads: ReadonlyMap<RunMember, Head>,
  featuresOf: (member: RunMember) => Promise<Float32Array<ArrayBuffer>>,
): Promise<Embeddings> {
  const members: OwnedEmbeddings[] = [];
  for (const member of run.members) {
    const features = await featuresOf(member);
    members.push(await embedMember(context, run, member, features, heads.get(member) ?? null));
  }
  return combineMembers(context, run, members);
}

/** The run's embeddings from those of its members, one of each in their order; they stay as they are. */
export async function combineMembers(
  { workers }: Context,
  run: Run,
  members: readonly OwnedEmbeddings[],
): Promise<Embeddings> {
  const [first] = members;
  if (run.combine === null && first) return { matrix: first.embeddings, dimensions: first.dimensions };
  const combined = await (await workers.training.api()).combine(run.combine ?? 'concat', members);
  return { matrix: combined.embeddings, dimensions: combined.dimensions };
}

/** One member's part in the run's embeddings. `features` [n, D] are moved to the training worker, or changed in place. */
export async function embedMember(
  { workers: { training }, weights }: Context,
  run: Run,
  { weightsId, architecture, dimensions }: RunMember,
  features: Float32Array<ArrayBuffer>,
  head: Head | null,
): Promise<OwnedEmbeddings> {
  if (head) {
    const worker = await training.api();
    const embedding = worker.embed(head, move(features, features.buffer));
    const which = `${weights.label(weightsId)}${run.loaded === null ? '' : ', head from a file'}`;
    const embeddings = await embedding.catch((error: unknown) => {
      throw named(which, error);
    });
    return { embeddings, dimensions: EMBEDDING_SIZE };
  }
  if (run.combine === 'mean' || run.combine === 'shared') {
    const worker = await training.api();
    const moved = move(features, features.buffer);
    const embeddings = await worker.embedFrozen(architecture, moved, dimensions, run.recipe.seed);
    return { embeddings, dimensions: EMBEDDING_SIZE };
  }
  const slice = createSlices();
  for (let start = 0; start < features.length; start += ROWS_AT_ONCE * dimensions) {
    const part = features.subarray(start, start + ROWS_AT_ONCE * dimensions);
    part.set(normaliseRows(part, dimensions));
    await slice();
  }
  return { embeddings: features, dimensions };
}
