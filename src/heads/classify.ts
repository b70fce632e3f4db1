import { type Arithmetic, transpose } from './arithmetic.ts';
import { gradientThroughDirection, lengths, unitRows } from './direction.ts';
import { EMBEDDING_SIZE, type Linear } from './parameters.ts';
import type { Recipe } from './recipe.ts';

/** A classifier's logits of one batch, and the way back. */
export interface Classified {
  /** [classes, n], an image a column. */
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
  const logits = addToRows(await arithmetic.product(weight, z, classes, EMBEDDING_SIZE, n), bias);
  return {
    logits,
    backward: async (gradient) => ({
      z: await arithmetic.product(transpose(weight, classes, EMBEDDING_SIZE), gradient, EMBEDDING_SIZE, classes, n),
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
  const images = transpose(z, EMBEDDING_SIZE, n);
  const imageLengths = lengths(images, EMBEDDING_SIZE);
  const classLengths = lengths(weight, EMBEDDING_SIZE);
  const unitImages = unitRows(images, imageLengths);
  const unitClasses = unitRows(weight, classLengths);
  const cosines = await arithmetic.productTransposed(unitClasses, unitImages, classes, EMBEDDING_SIZE, n);
  return {
    logits: cosines.map((value) => scale * value),
    async backward(gradient) {
      const byCosines = gradient.map((value) => scale * value);
      const turned = transpose(byCosines, classes, n);
      const byUnitImages = await arithmetic.product(turned, unitClasses, n, classes, EMBEDDING_SIZE);
      const byUnitClasses = await arithmetic.product(byCosines, unitImages, classes, n, EMBEDDING_SIZE);
      return {
        z: transpose(gradientThroughDirection(byUnitImages, unitImages, imageLengths), n, EMBEDDING_SIZE),
        classifier: {
          weight: gradientThroughDirection(byUnitClasses, unitClasses, classLengths),
          bias: new Float32Array(0),
        },
      };
    },
  };
}

/** Adds bias[row] to each row of `matrix`, in place. */
export function addToRows(matrix: Float32Array, bias: Float32Array): Float32Array {
  const columns = matrix.length / bias.length;
  for (let i = 0; i < matrix.length; i++) (matrix[i] as number) += bias[Math.floor(i / columns)] as number;
  return matrix;
}

/** Sum of each of the `rows` rows of `matrix`. */
export function sumOfRows(matrix: Float32Array, rows: number): Float32Array<ArrayBuffer> {
  const columns = matrix.length / rows;
  return Float32Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) sum += matrix[i] as number;
    return sum;
  });
}
