import type { TrainingSplit } from '../data/splits.ts';
import type { Arithmetic } from './arithmetic.ts';
import type { CheckpointOutlet } from './checkpoint.ts';
import { assertFinite, learnEpoch } from './epoch.ts';
import type { Learner } from './learner.ts';
import { copyParameters } from './parameters.ts';
import type { Recipe } from './recipe.ts';
import type { Standardisation } from './standardise.ts';
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
