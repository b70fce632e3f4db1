import { AppError } from '../errors.ts';
import type { AdamState } from './adam.ts';
import { arraysOf, copyParameters, type Parameters } from './parameters.ts';
import type { Recipe } from './recipe.ts';
import type { Checkpoint, TrainingState } from './training.ts';

/** Takes states and passes on checkpoints of them, no two within `leastMs`. */
export interface CheckpointOutlet {
  offer(state: TrainingState): void;
  /** Hands out the state offered last, if it was held back. */
  flush(): void;
}

export function checkpointOutlet(onCheckpoint: (checkpoint: Checkpoint) => void, leastMs: number): CheckpointOutlet {
  let held: Checkpoint | null = null;
  let handedOutAt = Number.NEGATIVE_INFINITY;
  const outlet: CheckpointOutlet = {
    offer(state) {
      held = checkpointOf(state);
      if (performance.now() - handedOutAt >= leastMs) outlet.flush();
    },
    flush() {
      if (!held) return;
      const checkpoint = held;
      held = null;
      handedOutAt = performance.now();
      onCheckpoint(checkpoint);
    },
  };
  return outlet;
}

function checkpointOf(state: TrainingState): Checkpoint {
  const { phase, epoch, best, parameters, adam } = state;
  // After the best epoch the numbers are the best's: one array then, also in a structured clone.
  const isBest = phase === 'fit' && best?.epoch === epoch;
  return {
    ...state,
    parameters: isBest ? best.parameters : copyParameters(parameters),
    adam: copyAdam(adam),
  };
}

/**
 * Checks that a job can go on from a checkpoint. `fresh` are the parameters that it would start with. Throws AppError 'bad-argument' where the checkpoint is of another recipe, or its arrays have other lengths.
 */
export function checkResumable(checkpoint: Checkpoint, recipe: Recipe, fresh: Parameters): void {
  const { parameters, adam, best } = checkpoint;
  const layout = (values: Parameters) =>
    arraysOf(values)
      .map(({ length }) => length)
      .join();
  const all = [parameters, adam.first, adam.second, ...(best ? [best.parameters] : [])];
  const sameRecipe = (Object.keys(recipe) as (keyof Recipe)[]).every((key) => checkpoint.recipe[key] === recipe[key]);
  if (!sameRecipe || all.some((values) => layout(values) !== layout(fresh))) {
    throw new AppError(
      'bad-argument',
      'The kept checkpoint belongs to another training. Discard it and start from the beginning.',
    );
  }
}

function copyAdam({ steps, first, second }: AdamState): AdamState {
  return { steps, first: copyParameters(first), second: copyParameters(second) };
}
