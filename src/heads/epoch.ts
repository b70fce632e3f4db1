import { AppError } from '../errors.ts';
import { seededRandom } from '../math/random.ts';
import { adamStep } from './adam.ts';
import type { Arithmetic } from './arithmetic.ts';
import { gatherBatch, gatherLabels } from './batch.ts';
import { batchGradients } from './gradients.ts';
import type { Learner } from './learner.ts';
import type { Standardisation } from './standardise.ts';
import type { TrainingJob } from './training.ts';

/** Order of images and dropout of epoch e come from the stream STREAM + e: nothing random needs to be remembered. */
const STREAM = 0xe90c0;

/**
 * One pass over `rows` in the seeded order of `epoch`, a step a batch. Returns loss and accuracy as the batches met
 * them. Throws AppError 'training-diverged' as soon as a loss is not finite; the learner is then of no use.
 */
export async function learnEpoch(
  { parameters, adam, gradients, batches }: Learner,
  epoch: number,
  { members, labels, recipe }: TrainingJob,
  rows: Int32Array,
  standardisations: readonly Standardisation[],
  arithmetic: Arithmetic,
  breathe: () => Promise<void>,
): Promise<{ loss: number; accuracy: number }> {
  const random = seededRandom(recipe.seed, STREAM + epoch);
  const order = random.shuffle(rows.slice());
  let loss = 0;
  let correct = 0;
  for (let from = 0; from < order.length; from += recipe.batch) {
    const batchRows = order.subarray(from, from + recipe.batch);
    const rowsOfMembers = members.map(({ features }, i) =>
      gatherBatch(features, batchRows, standardisations[i] as Standardisation, batches[i]),
    );
    const batchLabels = gatherLabels(labels, batchRows);
    const step = await batchGradients(parameters, rowsOfMembers, batchLabels, recipe, random, arithmetic, gradients);
    assertFinite(step.loss, epoch);
    adamStep(parameters, gradients, adam, recipe, arithmetic);
    arithmetic.release();
    loss += step.loss;
    correct += step.correct;
    await breathe();
  }
  return { loss: loss / rows.length, accuracy: correct / rows.length };
}

/** Throws AppError 'training-diverged' for a loss that is not finite. */
export function assertFinite(loss: number, epoch: number): void {
  if (Number.isFinite(loss)) return;
  throw new AppError(
    'training-diverged',
    `Training came apart in epoch ${epoch}: its loss is no longer a finite number. The best epoch before it is kept. Lower the learning rate and train again.`,
  );
}
