import { AppError, toAppError } from '../errors.ts';
import type { Checkpoint, EpochReport, TrainingJob, TrainingResult } from '../heads/training.ts';
import { rankingNamed } from '../search/rankings.ts';
import { deleteEmbeddings } from '../storage/embeddings.ts';
import { loadFeatures } from '../storage/features.ts';
import { deleteCheckpoint, getCheckpoint, getHeads, putCheckpoint, putHeads } from '../storage/heads.ts';
import { controlled, move } from '../workers/connect.ts';
import type { TrainingMessage } from '../workers/training-protocol.ts';
import type { Context } from './context.ts';
import { headsKey, type Run, type RunMember, splitImages } from './run.ts';
import { repeatedOnce } from './worker-faults.ts';

/** Class numbers of the training images, in row order. */
export function trainingLabels(run: Run): { labels: Int32Array<ArrayBuffer>; classes: readonly string[] } {
  const images = splitImages(run.images, 'training');
  const classes = [...new Set(images.flatMap(({ className }) => className ?? []))].sort();
  const numbers = new Map(classes.map((name, i) => [name, i]));
  return { labels: Int32Array.from(images, ({ className }) => numbers.get(className ?? '') ?? -1), classes };
}

/** Whether these heads can do what the run asks of them: heads of earlier versions were kept without their classifier. */
export const serves = (run: Run, { heads, fitHeads }: TrainingResult): boolean =>
  run.loaded !== null ||
  !rankingNamed(run.rank).usesClasses ||
  [...heads, ...fitHeads].every(({ classifier }) => classifier !== undefined);

/**
 * The heads of members that are trained together: from storage, else trained now, from the last checkpoint where there
 * is one. Those of an earlier version that lack what the run asks for are trained again. Checkpoints and the result are stored under the heads' name. Cancelled, it keeps the state it had come to; a
 * training whose loss is not finite any more throws AppError 'training-diverged', its best epoch kept as the result. Where
 * the worker dies, a new one goes on from the last checkpoint, once.
 */
export function trainHeads(
  context: Context,
  run: Run,
  members: readonly RunMember[],
  signal: AbortSignal,
  onEpoch: (report: EpochReport) => void,
): Promise<TrainingResult> {
  // Epochs after the last checkpoint are learned twice, and told once.
  const told = new Set<string>();
  const tellOnce = (report: EpochReport) => {
    const name = `${report.phase} ${report.epoch}`;
    if (told.has(name)) return;
    told.add(name);
    onEpoch(report);
  };
  return repeatedOnce(signal, () => trainFromCheckpoint(context, run, members, signal, tellOnce));
}

async function trainFromCheckpoint(
  context: Context,
  run: Run,
  members: readonly RunMember[],
  signal: AbortSignal,
  onEpoch: (report: EpochReport) => void,
): Promise<TrainingResult> {
  const key = await headsKey(run, members);
  const known = await getHeads(context.database, run.datasetId, key);
  if (known && serves(run, known)) return known;
  const job = await trainingJob(context, run, members);
  const resumeFrom = await getCheckpoint(context.database, run.datasetId, key);
  for (const report of resumeFrom?.history ?? []) onEpoch(report);
  const writing: Promise<void>[] = [];
  const keep = (checkpoint: Checkpoint) => putCheckpoint(context.database, run.datasetId, key, checkpoint);
  const worker = await context.workers.training.api();
  try {
    const result = await controlled<TrainingMessage, TrainingResult>(
      signal,
      (message) => {
        if (message.kind === 'epoch') onEpoch(message.report);
        else writing.push(keep(message.checkpoint));
      },
      // Moved: the features of 10,000 images are 80 MB, which the page would have to copy.
      (control) => worker.train(move(job, ...buffersOf(job)), resumeFrom, control),
    );
    await Promise.all(writing);
    await putHeads(context.database, run.datasetId, key, result);
    // Embeddings are named by what heads are trained from: those by the heads of before have the same name.
    if (known && !sameHeads(known, result)) await deleteEmbeddings(context.database, run.datasetId);
    await deleteCheckpoint(context.database, run.datasetId, key);
    return result;
  } catch (error) {
    const { code } = toAppError(error);
    if (code !== 'aborted' && code !== 'training-diverged') throw error;
    // The last checkpoint that was sent may be older, or lost with the call.
    const newest = await worker.newestCheckpoint();
    if (newest) await keep(newest);
    if (code === 'aborted' || !newest?.best) throw error;
    const again = await trainingJob(context, run, members);
    await putHeads(context.database, run.datasetId, key, await worker.finish(move(again, ...buffersOf(again)), newest));
    await deleteCheckpoint(context.database, run.datasetId, key);
    const { message } = toAppError(error);
    throw new AppError(code, `${message} Its best epoch, ${newest.best.epoch}, is kept: going on uses it.`);
  } finally {
    await Promise.allSettled(writing);
  }
}

/** Whether both are bit-identical, as what the same version of the app trains again is. */
function sameHeads(before: TrainingResult, after: TrainingResult): boolean {
  return before.heads.every(({ projection, bias }, i) => {
    const other = after.heads[i];
    return other !== undefined && sameNumbers(projection, other.projection) && sameNumbers(bias, other.bias);
  });
}

const sameNumbers = (a: Float32Array, b: Float32Array): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

/** Heads that were trained before. Throws AppError 'dataset-unusable' where they were not. */
export async function storedHeads(context: Context, run: Run, members: readonly RunMember[]): Promise<TrainingResult> {
  const known = await getHeads(context.database, run.datasetId, await headsKey(run, members));
  if (known && serves(run, known)) return known;
  if (known) {
    const sentence =
      'The head of this model was trained by an earlier version, which kept no classifier with it. Run the comparison with this ranking to train it again.';
    throw new AppError('dataset-unusable', sentence);
  }
  throw new AppError('dataset-unusable', 'The head of this model is not trained. Run the comparison to train it.');
}

/** Ends the training under way after its epoch; the best epoch so far is kept. */
export async function stopTraining({ workers }: Context): Promise<void> {
  await (await workers.training.api()).stop();
}

/** A job whose features can be moved to the worker. */
interface OwnedJob extends TrainingJob {
  readonly members: readonly { readonly features: Float32Array<ArrayBuffer>; readonly dimensions: number }[];
}

const buffersOf = ({ members }: OwnedJob): ArrayBuffer[] => members.map(({ features }) => features.buffer);

async function trainingJob(context: Context, run: Run, members: readonly RunMember[]): Promise<OwnedJob> {
  const { labels, classes } = trainingLabels(run);
  if (classes.length < 2) {
    const sentence = members.some(({ architecture }) => architecture === 'own-vectors')
      ? 'The imported vectors are of training images of fewer than two classes, and fine-tuning needs two. Untick Fine-tuned for them: frozen they work without.'
      : 'Fine-tuning needs training images of at least two classes. Frozen models work without.';
    throw new AppError('dataset-unusable', sentence);
  }
  const hashes = splitImages(run.images, 'training').map(({ hash }) => hash);
  const features: { features: Float32Array<ArrayBuffer>; dimensions: number }[] = [];
  for (const { featuresKey, dimensions } of members) {
    features.push({ features: await loadFeatures(context.database, featuresKey, hashes, dimensions), dimensions });
  }
  return { members: features, labels, classes: classes.length, recipe: run.recipe };
}
