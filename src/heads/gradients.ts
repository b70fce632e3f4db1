import type { Random } from '../math/random.ts';
import type { Arithmetic } from './arithmetic.ts';
import { addToRows, classify, countCorrect, crossEntropy, sumOfRows } from './classify.ts';
import { EMBEDDING_SIZE, type Linear, type Parameters } from './parameters.ts';
import type { Recipe } from './recipe.ts';

export interface BatchFigures {
  /** Summed over the batch, and over the members. */
  readonly loss: number;
  /** Images whose class is the first by the members' logits together. */
  readonly correct: number;
}

/** z [512, n] = Wp·xᵀ + bp of a batch's rows x [n, D], standardised. */
export async function project(
  rows: Float32Array,
  { weight, bias }: Linear,
  arithmetic: Arithmetic,
): Promise<Float32Array<ArrayBuffer>> {
  const dimensions = weight.length / EMBEDDING_SIZE;
  const z = await arithmetic.productTransposed(weight, rows, EMBEDDING_SIZE, dimensions, rows.length / dimensions);
  addToRows(z, bias);
  return z;
}

/**
 * Loss and gradients of one batch, by hand (back-propagation through dropout, classifier and projection). `batches`
 * holds what each member sees of the same images, standardised rows [n, D], whose labels are `labels` [n]. With several
 * members the losses are added up against the one classifier, so that a class means one direction in every member's
 * space. `random` draws the dropout. The gradients of the batch's mean loss overwrite `gradients`.
 */
export async function batchGradients(
  parameters: Parameters,
  batches: readonly Float32Array[],
  labels: Int32Array,
  recipe: Recipe,
  random: Random,
  arithmetic: Arithmetic,
  gradients: Parameters,
): Promise<BatchFigures> {
  let loss = 0;
  let logits: Float32Array | null = null;
  const { weight, bias } = gradients.classifier;
  weight.fill(0);
  bias.fill(0);
  for (const [i, rows] of batches.entries()) {
    const z = await project(rows, parameters.projections[i] as Linear, arithmetic);
    const mask = recipe.dropout > 0 ? dropoutMask(z.length, recipe.dropout, random) : null;
    if (mask) multiplyBy(z, mask);
    const classified = await classify(z, parameters.classifier, recipe, arithmetic);
    const entropy = crossEntropy(classified.logits, labels, recipe.labelSmoothing);
    const back = await classified.backward(entropy.gradient);
    if (mask) multiplyBy(back.z, mask);
    loss += entropy.loss;
    logits = logits ? add(logits, classified.logits) : classified.logits;
    add(weight, back.classifier.weight);
    add(bias, back.classifier.bias);
    const projection = gradients.projections[i] as Linear;
    const dimensions = projection.weight.length / EMBEDDING_SIZE;
    await arithmetic.product(back.z, rows, EMBEDDING_SIZE, labels.length, dimensions, projection.weight);
    projection.bias.set(sumOfRows(back.z, EMBEDDING_SIZE));
  }
  if (!logits) throw new Error('A head without a member has no gradients.');
  return { loss, correct: countCorrect(logits, labels) };
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
