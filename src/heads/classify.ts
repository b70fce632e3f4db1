import type { Arithmetic } from './arithmetic.ts';
import { EMBEDDING_SIZE, type Linear } from './parameters.ts';
import type { Recipe } from './recipe.ts';

/** A classifier's logits of one batch, and the way back. */
export interface Classified {
  /** [classes, n], an image a column; until the arithmetic is released. */
  readonly logits: Float32Array;
  /** Gradients by z [512, n] and by the classifier's parameters, of a gradient by the logits [classes, n]. */
  backward(gradient: Float32Array): Promise<{ z: Float32Array; classifier: Linear }>;
}

/**
 * Logits of z [512, n], an image a column. `linear`: Wc·z + bc. `cosine`: scale · cos(z, w_c), the normalised softmax
 * (Zhai & Wu 2019, "Classification is a strong baseline for deep metric learning", eq. 4, with scale = 1/σ). Arguments must not change before `backward`.
 */
export function classify(
  z: Float32Array,
  classifier: Linear,
  { classifier: kind, scale }: Pick<Recipe, 'classifier' | 'scale'>,
  arithmetic: Arithmetic,
): Promise<Classified> {
  return kind === 'linear' ? linear(z, classifier, arithmetic) : cosine(z, classifier, scale, arithmetic);
}

async function linear(z: Float32Array, { weight, bias }: Linear, arithmetic: Arithmetic): Promise<Classified> {
  const n = z.length / EMBEDDING_SIZE;
  const classes = bias.length;
  const logits = await arithmetic.product(weight, z, classes, EMBEDDING_SIZE, n);
  addToRows(logits, bias);
  return {
    logits,
    backward: async (gradient) => ({
      z: await arithmetic.product(
        arithmetic.transpose(weight, classes, EMBEDDING_SIZE),
        gradient,
        EMBEDDING_SIZE,
        classes,
        n,
      ),
      classifier: {
        weight: await arithmetic.productTransposed(gradient, z, classes, n, EMBEDDING_SIZE),
        bias: sumOfRows(gradient, classes),
      },
    }),
  };
}

async function cosine(z: Float32Array, { weight }: Linear, scale: number, arithmetic: Arithmetic): Promise<Classified> {
  const n = z.length / EMBEDDING_SIZE;
  const classes = weight.length / EMBEDDING_SIZE;
  const images = arithmetic.directions(arithmetic.transpose(z, EMBEDDING_SIZE, n), EMBEDDING_SIZE);
  const directions = arithmetic.directions(weight, EMBEDDING_SIZE);
  const cosines = await arithmetic.productTransposed(directions.unit, images.unit, classes, EMBEDDING_SIZE, n);
  return {
    logits: cosines.map((value) => scale * value),
    async backward(gradient) {
      const byCosines = gradient.map((value) => scale * value);
      const turned = arithmetic.transpose(byCosines, classes, n);
      const byUnitImages = await arithmetic.product(turned, directions.unit, n, classes, EMBEDDING_SIZE);
      const byUnitClasses = await arithmetic.product(byCosines, images.unit, classes, n, EMBEDDING_SIZE);
      return {
        z: arithmetic.transpose(arithmetic.throughDirections(byUnitImages, images), n, EMBEDDING_SIZE),
        classifier: {
          weight: arithmetic.throughDirections(byUnitClasses, directions),
          bias: new Float32Array(0),
        },
      };
    },
  };
}

/** Adds bias[row] to each row of `matrix`, in place. */
export function addToRows(matrix: Float32Array, bias: Float32Array): void {
  const columns = matrix.length / bias.length;
  for (let row = 0; row < bias.length; row++) {
    const value = bias[row] as number;
    for (let i = row * columns; i < (row + 1) * columns; i++) (matrix[i] as number) += value;
  }
}

/** Sum of each of the `rows` rows of `matrix`. */
export function sumOfRows(matrix: Float32Array, rows: number): Float32Array<ArrayBuffer> {
  const columns = matrix.length / rows;
  const sums = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) sum += matrix[i] as number;
    sums[row] = sum;
  }
  return sums;
}

/** What a batch of logits says about its labels. */
export interface CrossEntropy {
  /** Summed over the batch. */
  readonly loss: number;
  /** [classes, n]: the derivative of the batch's mean loss by each logit. */
  readonly gradient: Float32Array<ArrayBuffer>;
}

/**
 * Softmax cross-entropy of `logits` [classes, n], an image a column, against `labels` [n]. With label smoothing s the
 * target is 1 − s + s/classes for the label and s/classes for the others (Szegedy et al. 2016, as torch has it).
 */
export function crossEntropy(logits: Float32Array, labels: Int32Array, smoothing: number): CrossEntropy {
  const n = labels.length;
  const classes = logits.length / n;
  const gradient = new Float32Array(logits.length);
  const even = smoothing / classes;
  let loss = 0;
  for (let column = 0; column < n; column++) {
    let highest = Number.NEGATIVE_INFINITY;
    for (let i = column; i < logits.length; i += n) highest = Math.max(highest, logits[i] as number);
    let sum = 0;
    let total = 0;
    for (let i = column; i < logits.length; i += n) {
      sum += Math.exp((logits[i] as number) - highest);
      total += logits[i] as number;
    }
    const logSum = highest + Math.log(sum);
    const labelled = (labels[column] as number) * n + column;
    loss += logSum - (1 - smoothing) * (logits[labelled] as number) - even * total;
    for (let i = column; i < logits.length; i += n) {
      const target = (i === labelled ? 1 - smoothing : 0) + even;
      gradient[i] = (Math.exp((logits[i] as number) - logSum) - target) / n;
    }
  }
  return { loss, gradient };
}

/** How many columns of `logits` [classes, n] have their highest value at their label; of equals, the first class counts. */
export function countCorrect(logits: Float32Array, labels: Int32Array): number {
  const n = labels.length;
  let correct = 0;
  for (let column = 0; column < n; column++) {
    let best = column;
    for (let i = column; i < logits.length; i += n) if ((logits[i] as number) > (logits[best] as number)) best = i;
    if (best === (labels[column] as number) * n + column) correct++;
  }
  return correct;
}
