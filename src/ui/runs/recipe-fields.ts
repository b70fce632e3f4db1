import type { Recipe } from '../../app/comparison/comparison.ts';

/** The parts of a recipe that are numbers. */
export type NumberField = Exclude<keyof Recipe, 'classifier' | 'refit'>;

export interface RecipeFieldEntry {
  readonly field: NumberField;
  readonly label: string;
  /** In a sentence. */
  readonly name: string;
  readonly explanation: string;
}

/** In the order of the form. */
export const recipeFields: readonly RecipeFieldEntry[] = [
  {
    field: 'epochs',
    label: 'Epochs',
    name: 'epochs',
    explanation: 'Passes over the images learned from, at most: training usually stops earlier.',
  },
  {
    field: 'patience',
    label: 'Patience',
    name: 'patience',
    explanation: 'Epochs without a lower validation loss after which training stops. The best epoch is kept.',
  },
  {
    field: 'learningRate',
    label: 'Learning rate',
    name: 'learning rate',
    explanation: 'How far each step moves the weights. Too large and the loss jumps, too small and it crawls.',
  },
  {
    field: 'batch',
    label: 'Batch',
    name: 'batch',
    explanation: 'Images that each step learns from.',
  },
  {
    field: 'weightDecay',
    label: 'Weight decay',
    name: 'weight decay',
    explanation: 'Pulls all weights towards zero (an L2 penalty), against learning images by heart. 0 is off.',
  },
  {
    field: 'dropout',
    label: 'Dropout',
    name: 'dropout',
    explanation: 'Share of the 512 numbers that is left out at random in each step, from 0 to 0.9. 0 is off.',
  },
  {
    field: 'labelSmoothing',
    label: 'Label smoothing',
    name: 'label smoothing',
    explanation: 'Share of each label that is spread over all classes, so that no answer is wholly certain. 0 is off.',
  },
  {
    field: 'scale',
    label: 'Scale',
    name: 'scale',
    explanation:
      'Stretches the cosines before the softmax: between −1 and 1 they could never make a class certain. Only the cosine classifier uses it.',
  },
  {
    field: 'seed',
    label: 'Seed',
    name: 'seed',
    explanation:
      'Fixes every random choice: the split of the training images, first weights, order and dropout. The same seed gives the same head.',
  },
];
