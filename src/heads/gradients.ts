import type { Random } from '../math/random.ts';
import type { Batch } from './batch.ts';
import { addToRows, classify, sumOfRows } from './classify.ts';
import { countCorrect, crossEntropy } from './cross-entropy.ts';
import { EMBEDDING_SIZE, type Linear, type Parameters } from './parameters.ts';
import type { Product } from './product.ts';
import type { Recipe } from './recipe.ts';

export interface BatchGradients {
  /** Summed over the batch, and over the members. */
  readonly loss: number;
  /** Images whose class is the first by the members' logits together. */
  readonly correct: number;
  /** Of the batch's mean loss. */
  readonly gradients: Parameters;
}

/** z [512, n] = Wp·x + bp of a batch's columns. */
export async function project(
  columns: Float32Array,
  { weight, bias }: Linear,
  product: Product,
): Promise<Float32Array<ArrayBuffer>> {
  const dimensions = weight.length / EMBEDDING_SIZE;
  const z = await product(weight, columns, EMBEDDING_SIZE, dimensions, columns.length / dimensions);
  addToRows(z, bias);
  return z;
}

/**
 * Loss and gradients of one batch, by hand (back-propagation through dropout, classifier and projection). `batches`
 * holds what each member sees of the same images, whose labels are `labels` [n]. With several members the losses are
 * added up against the one classifier, so that a class means one direction in every member's space. `random` draws the
 * dropout.
 */
export async function batchGradients(
  parameters: Parameters,
  batches: readonly Batch[],
  labels: Int32Array,
  recipe: Recipe,
  random: Random,
  product: Product,
): Promise<BatchGradients> {
  let loss = 0;
  let logits: Float32Array | null = null;
  let classifier: Linear | null = null;
  const projections: Linear[] = [];
  for (const [i, batch] of batches.entries()) {
    const projection = parameters.projections[i] as Linear;
    const z = await project(batch.columns, projection, product);
    const mask = recipe.dropout > 0 ? dropoutMask(z.length, recipe.dropout, random) : null;
    if (mask) multiplyBy(z, mask);
    const classified = await classify(z, parameters.classifier, recipe, product);
    const entropy = crossEntropy(classified.logits, labels, recipe.labelSmoothing);
    const back = await classified.backward(entropy.gradient);
    if (mask) multiplyBy(back.z, mask);
    loss += entropy.loss;
    logits = logits ? add(logits, classified.logits) : classified.logits;
    classifier = classifier
      ? { weight: add(classifier.weight, back.classifier.weight), bias: add(classifier.bias, back.classifier.bias) }
      : back.classifier;
    const dimensions = projection.weight.length / EMBEDDING_SIZE;
    projections.push({
      weight: await product(back.z, batch.rows, EMBEDDING_SIZE, labels.length, dimensions),
      bias: sumOfRows(back.z, EMBEDDING_SIZE),
    });
  }
  if (!logits || !classifier) throw new Error('A head without a member has no gradients.');
  return { loss, correct: countCorrect(logits, labels), gradients: { projections, classifier } };
}

/** 0 for what is dropped, 1 / (1 − dropout) for the rest, so that z keeps its expectation. */
function dropoutMask(length: number, dropout: number, random: Random): Float32Array {
  return Float32Array.from({ length }, () => (random.uniform() < dropout ? 0 : 1 / (1 - dropout)));
}

function multiplyBy(values: Float32Array, factors: Float32Array): void {
  for (let i = 0; i < values.length; i++) (values[i] as number) *= factors[i] as number;
}

/** Adds `more` to `sum` in place. */
export function add<T extends Float32Array>(sum: T, more: Float32Array): T {
  for (let i = 0; i < sum.length; i++) (sum[i] as number) += more[i] as number;
  return sum;
}
