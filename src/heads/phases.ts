import type { TrainingSplit } from '../data/splits.ts';
import { AppError } from '../errors.ts';
import { seededRandom } from '../math/random.ts';
import { adamStep } from './adam.ts';
import type { Arithmetic } from './arithmetic.ts';
import type { CheckpointOutlet } from './checkpoint.ts';
import { batchGradients } from './gradients.ts';
import type { Learner } from './learner.ts';
import { copyParameters } from './parameters.ts';
import type { Recipe } from './recipe.ts';
import type { Standardisation } from './standardise.ts';
import { gatherBatch, gatherLabels } from './standardise.ts';
import type { BestEpoch, EpochReport, FitEnd, TrainingJob, TrainingState } from './training.ts';
import { validate } from './validate.ts';

/** What stays the same over all epochs. */
export interface PhaseContext {
  readonly job: TrainingJob;
  readonly split: TrainingSplit;
  readonly arithmetic: Arithmetic;
  /** Its arrays are the state's. */
  readonly learner: Learner;
  readonly onEpoch: (report: EpochReport) => void;
  readonly checkpoints: CheckpointOutlet;
  /** Awaited after each step; throws when training is cancelled. */
  readonly pause: () => Promise<void>;
}

/** One epoch of the first fit: learns from the fit rows, measures the validation rows, remembers the best. */
export async function fitEpoch(
  state: TrainingState,
  standardisations: readonly Standardisation[],
  { job, split, arithmetic, learner, onEpoch, checkpoints, pause }: PhaseContext,
): Promise<TrainingState> {
  const began = performance.now();
  const epoch = state.epoch + 1;
  const learned = await learnEpoch(learner, epoch, job, split.fit, standardisations, arithmetic, pause);
  const validation =
    split.query.length > 0 ? await validate(state.parameters, job, split, standardisations, arithmetic, pause) : null;
  if (validation) assertFinite(validation.loss, epoch);
  const validationLoss = validation?.loss ?? null;
  const improved = isImprovement(validationLoss, state.best);
  const best = improved ? { epoch, validationLoss, parameters: copyParameters(state.parameters) } : state.best;
  const report: EpochReport = {
    ...learned,
    phase: 'fit',
    epoch,
    epochs: job.recipe.epochs,
    validation,
    best: improved,
    milliseconds: performance.now() - began,
  };
  const ended = endOfFit(epoch, best, job.recipe);
  const next = { ...state, epoch, best, ended, history: [...state.history, report] };
  onEpoch(report);
  if (improved) checkpoints.offer(next);
  return next;
}

/** One epoch of the refit: learns from `rows`, all of them, as many epochs as were best in the first fit. */
export async function refitEpoch(
  state: TrainingState,
  rows: Int32Array,
  standardisations: readonly Standardisation[],
  { job, arithmetic, learner, onEpoch, checkpoints, pause }: PhaseContext,
): Promise<TrainingState> {
  const began = performance.now();
  const epoch = state.epoch + 1;
  const learned = await learnEpoch(learner, epoch, job, rows, standardisations, arithmetic, pause);
  const report: EpochReport = {
    ...learned,
    phase: 'refit',
    epoch,
    epochs: state.best?.epoch ?? epoch,
    validation: null,
    best: false,
    milliseconds: performance.now() - began,
  };
  const next = { ...state, epoch, history: [...state.history, report] };
  onEpoch(report);
  checkpoints.offer(next);
  return next;
}

/** Without validation every epoch is better than the one before it. */
function isImprovement(loss: number | null, best: BestEpoch | null): boolean {
  return loss === null || best === null || best.validationLoss === null || loss < best.validationLoss;
}

/** Why the fit ends with this epoch; null where it goes on. */
export function endOfFit(
  epoch: number,
  best: Pick<BestEpoch, 'epoch'> | null,
  { epochs, patience }: Pick<Recipe, 'epochs' | 'patience'>,
): FitEnd | null {
  if (epoch >= epochs) return 'epochs';
  return best && epoch - best.epoch >= patience ? 'patience' : null;
}

/** Order of images and dropout of epoch e come from the stream STREAM + e: nothing random needs to be remembered. */
const STREAM = 0xe90c0;

/**
 * One pass over `rows` in the seeded order of `epoch`, a step a batch. Returns loss and accuracy as the batches met
 * them. Throws AppError 'training-diverged' as soon as a loss is not finite; the learner is then of no use.
 */
async function learnEpoch(
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
function assertFinite(loss: number, epoch: number): void {
  if (Number.isFinite(loss)) return;
  throw new AppError(
    'training-diverged',
    `Training came apart in epoch ${epoch}: its loss is no longer a finite number. The best epoch before it is kept. Lower the learning rate and train again.`,
  );
}
