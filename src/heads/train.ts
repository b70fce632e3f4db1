import * as v from 'valibot';
import { splitTraining } from '../data/splits.ts';
import { AppError, aborted, issueWords } from '../errors.ts';
import { startAdam } from './adam.ts';
import { checkpointOutlet, checkResumable } from './checkpoint.ts';
import { foldStandardisation, type Head } from './head.ts';
import { learnerNumbers, openLearner, place } from './learner.ts';
import { initialParameters, type Parameters } from './parameters.ts';
import { fitEpoch, type PhaseContext, refitEpoch } from './phases.ts';
import { type Recipe, recipeSchema } from './recipe.ts';
import { type Standardisation, standardisation } from './standardise.ts';
import type { TrainingJob, TrainingOptions, TrainingResult, TrainingState } from './training.ts';

/**
 * Trains a head (or several, against one classifier): a first fit on the fit rows, ended early by the validation loss,
 * and a refit on all rows for as many epochs as were best. Where no class is large enough to be validated there is
 * nothing to end by: the fit then takes all rows and all epochs of the recipe, and no refit follows. Same job and engine,
 * same heads bit for bit, interrupted and resumed or not.
 *
 * Throws AppError 'aborted' when cancelled, 'training-diverged' when a loss is not finite (the checkpoint of the best
 * epoch has been passed on: resumed from it with `stop` aborted already, train returns that epoch's heads),
 * 'dataset-unusable' for fewer than two classes, 'bad-argument' for a job or a checkpoint that does not fit.
 */
export async function train(job: TrainingJob, options: TrainingOptions): Promise<TrainingResult> {
  checkJob(job);
  const { labels, classes, recipe } = job;
  const { stop, resumeFrom } = options;
  const split = splitTraining(labels, classes, recipe.seed);
  const fitScales = scalesOf(job, split.fit);
  const checkpoints = checkpointOutlet(options.onCheckpoint ?? (() => {}), options.checkpointMs ?? 0);
  const fresh = freshParameters(job);
  if (resumeFrom) checkResumable(resumeFrom, recipe, fresh);
  const arithmetic = options.arithmetic(learnerNumbers(job, fresh));
  const learner = openLearner(job, fresh, arithmetic);
  const { parameters, adam } = learner;
  const context: PhaseContext = {
    job,
    split,
    arithmetic,
    learner,
    onEpoch: options.onEpoch ?? (() => {}),
    checkpoints,
    pause: async () => {
      await options.breathe?.();
      if (options.signal.aborted) throw aborted();
    },
  };
  // Both phases start from the same initial values.
  const atStart = () => place(learner, fresh, startAdam(fresh));
  if (resumeFrom) place(learner, resumeFrom.parameters, resumeFrom.adam);
  else atStart();
  let state: TrainingState = { ...(resumeFrom ?? begin(recipe)), parameters, adam };
  try {
    while (state.ended === null) {
      state = stop?.aborted && state.best ? { ...state, ended: 'stopped' } : await fitEpoch(state, fitScales, context);
    }
    const { best, ended } = state;
    if (!best) throw new Error('A fit ended without an epoch.');
    const fitHeads = foldAll(best.parameters, fitScales);
    let heads: Head[] | null = null;
    if (recipe.refit && split.query.length > 0 && !stop?.aborted) {
      const all = labels.map((_, row) => row);
      const scales = scalesOf(job, all);
      if (state.phase === 'fit') {
        atStart();
        state = { ...state, phase: 'refit', epoch: 0 };
      }
      while (state.epoch < best.epoch && !stop?.aborted) state = await refitEpoch(state, all, scales, context);
      if (state.epoch === best.epoch) heads = foldAll(state.parameters, scales);
    }
    return {
      heads: heads ?? fitHeads,
      fitHeads,
      refit: heads !== null,
      split,
      epochs: state.history.filter(({ phase }) => phase === 'fit').length,
      bestEpoch: best.epoch,
      bestValidationLoss: best.validationLoss,
      ended,
      history: state.history,
    };
  } catch (error) {
    checkpoints.flush();
    throw error;
  }
}

/** Before the first fit's first epoch. */
function begin(recipe: Recipe): Omit<TrainingState, 'parameters' | 'adam'> {
  return { recipe, phase: 'fit', epoch: 0, best: null, ended: null, history: [] };
}

function freshParameters({ members, classes, recipe }: TrainingJob): Parameters {
  const dimensions = members.map((member) => member.dimensions);
  return initialParameters(dimensions, classes, recipe.classifier, recipe.seed);
}

function scalesOf({ members }: TrainingJob, rows: Int32Array): Standardisation[] {
  return members.map(({ features, dimensions }) => standardisation(features, dimensions, rows));
}

function foldAll({ projections, classifier }: Parameters, scales: readonly Standardisation[]): Head[] {
  // The learner's arrays lie in an engine's memory.
  const kept = { weight: classifier.weight.slice(), bias: classifier.bias.slice() };
  return projections.map((projection, i) => foldStandardisation(projection, scales[i] as Standardisation, kept));
}

function checkJob({ members, labels, recipe }: TrainingJob): void {
  const parsed = v.safeParse(recipeSchema, recipe);
  if (!parsed.success) throw new AppError('bad-argument', issueWords(parsed.issues[0]));
  if (
    members.length === 0 ||
    members.some(({ features, dimensions }) => features.length !== labels.length * dimensions)
  ) {
    throw new AppError('bad-argument', 'There are not as many rows of features as labels to train with.');
  }
  if (new Set(labels).size < 2) {
    throw new AppError(
      'dataset-unusable',
      'A head learns to tell classes apart, and training/ has images of fewer than two. Frozen backbones can still be used.',
    );
  }
}
