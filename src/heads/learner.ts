import type { AdamState } from './adam.ts';
import type { Arithmetic } from './arithmetic.ts';
import { arraysOf, EMBEDDING_SIZE, type Parameters, zerosLike } from './parameters.ts';
import type { TrainingJob } from './training.ts';

/** Rows that are classified at a time when a head is validated. */
export const VALIDATION_BLOCK = 256;

/** What changes while learning, in the arithmetic's arrays. Updated in place. */
export interface Learner {
  readonly parameters: Parameters;
  readonly adam: AdamState;
  /** Gradients of the latest batch. */
  readonly gradients: Parameters;
  /** Room for a batch of each member, [batch, D]. */
  readonly batches: readonly Float32Array<ArrayBuffer>[];
}

/** How many numbers a learner takes of an arithmetic, together with any one operation on it; see OpenArithmetic. */
export function learnerNumbers({ members, recipe, classes }: TrainingJob, parameters: Parameters): number {
  const sum = (lengths: readonly number[]) => lengths.reduce((total, length) => total + length, 0);
  const learned = 4 * sum(arraysOf(parameters).map(({ length }) => length));
  const batches = recipe.batch * sum(members.map(({ dimensions }) => dimensions));
  // No matrix of a product has more rows or columns, one side being a batch or the embedding; the second is packed too.
  const images = Math.max(recipe.batch, VALIDATION_BLOCK);
  const long = Math.max(images, classes) + EMBEDDING_SIZE;
  const wide = Math.max(...members.map(({ dimensions }) => dimensions), classes) + EMBEDDING_SIZE;
  // What classify() and its way back leave of one member, z among it, with room for what rounding up adds.
  const results = 8 * EMBEDDING_SIZE * images + 5 * EMBEDDING_SIZE * classes + 4 * classes * images + 1024;
  return learned + batches + 4 * long * wide + members.length * results;
}

/** Makes room for a learner of `job`. It cannot be used before `place`. */
export function openLearner({ members, recipe }: TrainingJob, parameters: Parameters, arithmetic: Arithmetic): Learner {
  const like = () => zerosLike(parameters, arithmetic.array);
  return {
    parameters: like(),
    adam: { steps: 0, first: like(), second: like() },
    gradients: like(),
    batches: members.map(({ dimensions }) => arithmetic.array(recipe.batch * dimensions)),
  };
}

/** Puts the learner where `parameters` and `adam` stand; they are copied. */
export function place(learner: Learner, parameters: Parameters, adam: AdamState): void {
  const copies: readonly (readonly [Parameters, Parameters])[] = [
    [learner.parameters, parameters],
    [learner.adam.first, adam.first],
    [learner.adam.second, adam.second],
  ];
  for (const [to, from] of copies) {
    const values = arraysOf(from);
    arraysOf(to).forEach((array, i) => {
      array.set(values[i] as Float32Array);
    });
  }
  learner.adam.steps = adam.steps;
}
