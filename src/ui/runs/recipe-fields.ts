import type { Recipe } from '../../app/comparison/comparison.ts';

/** The parts of a recipe that are numbers. */
export type NumberField = Exclude<keyof Recipe, 'classifier' | 'refit'>;

export interface RecipeFieldEntry {
  readonly field: NumberField;
  readonly label: string;
  readonly explanation: string;
}

/** In the order of the form. */
export const recipeFields: readonly RecipeFieldEntry[] = [
  {
    field: 'epochs',
    label: 'Epochs',
    explanation: 'Passes over the images learned from, at most: training usually stops earlier.',
  },
  {
    field: 'patience',
    label: 'Patience',
    explanation: 'Epochs without a lower validation loss after which training stops. The best epoch is kept.',
  },
  {
    field: 'learningRate',
    label: 'Learning rate',
    explanation: 'How far each step moves the weights. Too large and the loss jumps, too small and it crawls.',
  },
  {
    field: 'batch',
    label: 'Batch',
    explanation: 'Images that each step learns from.',
  },
  {
    field: 'weightDecay',
    label: 'Weight decay',
    explanation: 'Pulls all weights towards zero (an L2 penalty), against learning images by heart. 0 is off.',
  },
  {
    field: 'dropout',
    label: 'Dropout',
    explanation: 'Share of the 512 numbers that is left out at random in each step. 0 is off.',
  },
  {
    field: 'labelSmoothing',
    label: 'Label smoothing',
    explanation: 'Share of each label that is spread over all classes, so that no answer is wholly certain. 0 is off.',
  },
  {
    field: 'scale',
    label: 'Scale',
    explanation:
      'Stretches the cosines before the softmax: between −1 and 1 they could never make a class certain. Only the cosine classifier uses it.',
  },
  {
    field: 'seed',
    label: 'Seed',
    explanation:
      'Fixes every random choice: the split of the training images, first weights, order and dropout. The same seed gives the same head.',
  },
];
