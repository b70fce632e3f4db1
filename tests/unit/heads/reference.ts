import { arraysOf, EMBEDDING_SIZE, type Parameters } from '../../../src/heads/parameters.ts';
import type { Recipe } from '../../../src/heads/recipe.ts';

/** The numbers of `Parameters` in float64, in the order of arraysOf. */
export type Values = Float64Array[];

export function valuesOf(parameters: Parameters): Values {
  return arraysOf(parameters).map((array) => Float64Array.from(array));
}

interface ReferenceBatch {
  /** [member][image][feature]. */
  readonly images: readonly (readonly Float64Array[])[];
  readonly labels: readonly number[];
  readonly classes: number;
  /** [member], [512, n]; absent without dropout. */
  readonly masks?: readonly Float64Array[];
}

/** The mean loss as its definition says, image by image and class by class, in float64: nothing shared with the product. */
export function referenceLoss(values: Values, batch: ReferenceBatch, recipe: Recipe): number {
  const { labels, classes } = batch;
  const classWeights = values.at(-2) as Float64Array;
  const classBiases = values.at(-1) as Float64Array;
  let total = 0;
  batch.images.forEach((images, member) => {
    const weight = values[2 * member] as Float64Array;
    const bias = values[2 * member + 1] as Float64Array;
    images.forEach((image, i) => {
      const z = Array.from({ length: EMBEDDING_SIZE }, (_, row) => {
        let sum = bias[row] as number;
        image.forEach((value, d) => {
          sum += (weight[row * image.length + d] as number) * value;
        });
        return sum * (batch.masks?.[member]?.[row * images.length + i] ?? 1);
      });
      const zLength = Math.hypot(...z);
      const logits = Array.from({ length: classes }, (_, c) => {
        const vector = classWeights.subarray(c * EMBEDDING_SIZE, (c + 1) * EMBEDDING_SIZE);
        const inner = z.reduce((sum, value, k) => sum + value * (vector[k] as number), 0);
        return recipe.classifier === 'linear'
          ? inner + (classBiases[c] as number)
          : (recipe.scale * inner) / (zLength * Math.hypot(...vector));
      });
      const logSum = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
      logits.forEach((logit, c) => {
        const target = (c === labels[i] ? 1 - recipe.labelSmoothing : 0) + recipe.labelSmoothing / classes;
        total -= target * (logit - logSum);
      });
    });
  });
  return total / labels.length;
}

/** Central differences of a function of `values` by the number `index` of one of its arrays. */
export function finiteDifference(
  values: Values,
  array: Float64Array,
  index: number,
  loss: (values: Values) => number,
): number {
  const step = 1e-4;
  const value = array[index] as number;
  array[index] = value + step;
  const above = loss(values);
  array[index] = value - step;
  const below = loss(values);
  array[index] = value;
  return (above - below) / (2 * step);
}

/** ‖a − b‖ / ‖b‖. */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < b.length; i++) {
    difference += ((a[i] as number) - (b[i] as number)) ** 2;
    size += (b[i] as number) ** 2;
  }
  return Math.sqrt(difference / size);
}
