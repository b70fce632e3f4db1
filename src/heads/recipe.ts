import * as v from 'valibot';
import { numeral } from '../numerals.ts';

/** What stands on the projection z while training: logits = Wc·z + bc, or logits = scale · cos(z, w_c). */
export type Classifier = 'linear' | 'cosine';

/** How a head is trained. Plain data: it travels to the worker and is written into the head's file. */
export interface Recipe {
  readonly classifier: Classifier;
  /** The most epochs. */
  readonly epochs: number;
  /** Epochs without a lower validation loss after which training stops. */
  readonly patience: number;
  readonly learningRate: number;
  /** Images a step. */
  readonly batch: number;
  /** L2 penalty added to the gradient of every parameter, as torch's Adam does (not the decoupled AdamW). */
  readonly weightDecay: number;
  /** Share of the numbers of z that is dropped. */
  readonly dropout: number;
  /** Share of the target spread evenly over all classes. */
  readonly labelSmoothing: number;
  /** Factor on the cosines; `linear` does not use it. */
  readonly scale: number;
  /** Fixes split, initial values, order of images and dropout. */
  readonly seed: number;
  /** Train once more on all of training/, for as many epochs as were best. */
  readonly refit: boolean;
}

const shared = {
  patience: 10,
  batch: 64,
  weightDecay: 0,
  dropout: 0,
  labelSmoothing: 0,
  /** Cosines alone, between −1 and 1, could never make a class certain: the softmax needs them stretched. */
  scale: 8,
  seed: 0,
  refit: true,
} as const;

const DEFAULTS: Readonly<Record<Classifier, Recipe>> = {
  linear: { classifier: 'linear', epochs: 100, learningRate: 1e-3, ...shared },
  cosine: { classifier: 'cosine', epochs: 200, learningRate: 1e-4, ...shared },
};

export function defaultRecipe(classifier: Classifier): Recipe {
  return DEFAULTS[classifier];
}

const whole = (from: number, to: number, name: string) =>
  v.pipe(
    v.number(`${name} must be a number.`),
    v.check(
      (n) => Number.isInteger(n) && n >= from && n <= to,
      `${name} must be a whole number from ${from} to ${to}.`,
    ),
  );
const share = (to: number, name: string) =>
  v.pipe(
    v.number(`${name} must be a number.`),
    v.check((n) => n >= 0 && n <= to, `${name} must be from 0 to ${numeral(to)}.`),
  );

/** For the form and for files: the bounds are those within which training makes sense, its messages are for people. */
export const recipeSchema: v.GenericSchema<unknown, Recipe> = v.strictObject({
  classifier: v.picklist(['linear', 'cosine'], 'The classifier must be linear or cosine.'),
  epochs: whole(1, 1000, 'Epochs'),
  patience: whole(1, 1000, 'Patience'),
  learningRate: v.pipe(
    v.number('The learning rate must be a number.'),
    v.check((n) => n >= 1e-7 && n <= 1, 'The learning rate must be from 1e-7 to 1.'),
  ),
  batch: whole(1, 1024, 'Batch'),
  weightDecay: share(1, 'Weight decay'),
  dropout: share(0.9, 'Dropout'),
  labelSmoothing: share(0.9, 'Label smoothing'),
  scale: v.pipe(
    v.number('The scale must be a number.'),
    v.check((n) => n >= 1 && n <= 100, 'The scale must be from 1 to 100.'),
  ),
  seed: whole(0, 2 ** 31 - 1, 'Seed'),
  refit: v.boolean('Refit must be on or off.'),
});
