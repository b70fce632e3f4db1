import { AppError } from '../errors.ts';
import { countRows, normaliseRows } from '../math/vectors.ts';
import type { Arithmetic } from './arithmetic.ts';
import { EMBEDDING_SIZE, type Linear } from './parameters.ts';
import type { Standardisation } from './standardise.ts';

/** Features → z, ready for use: a projection D → 512 of features as they come from the backbone. */
export interface Head {
  /** D. */
  readonly dimensions: number;
  /** [512, D], torch's layout. */
  readonly projection: Float32Array<ArrayBuffer>;
  /** [512]. */
  readonly bias: Float32Array<ArrayBuffer>;
  /**
   * What stood on z while training, [C, 512] and, of `linear`, [C]: from it follow the class posteriors. Heads that were
   * trained together share one. Heads of earlier versions have none, and are trained again where one is asked for.
   */
  readonly classifier?: Linear;
}

/** Rows projected at a time: 8 MB of ResNet-50's features. */
const BLOCK = 1024;

/**
 * A projection that was trained on standardised features as one of raw features: Wp / std, and bp − Wp · mean / std. z stays
 * the same, and so does its classifier. Throws AppError 'training-diverged' where a number is not finite.
 */
export function foldStandardisation(
  { weight, bias }: Linear,
  { mean, std }: Standardisation,
  classifier: Linear,
): Head {
  const dimensions = mean.length;
  const projection = new Float32Array(weight.length);
  const folded = Float32Array.from(bias, (value, row) => {
    let shift = 0;
    for (let d = 0; d < dimensions; d++) {
      const scaled = (weight[row * dimensions + d] as number) / (std[d] as number);
      projection[row * dimensions + d] = scaled;
      shift += scaled * (mean[d] as number);
    }
    return value - shift;
  });
  if ([projection, folded, classifier.weight, classifier.bias].every((values) => values.every(Number.isFinite))) {
    return { dimensions, projection, bias: folded, classifier };
  }
  throw new AppError(
    'training-diverged',
    'The trained head has numbers that are not finite and was not kept. Lower the learning rate and train again.',
  );
}

/**
 * Fine-tuned embeddings: `features` [n, D] projected and L2-normalised, [n, 512], owned by the caller; the features
 * stay as they are. Throws AppError 'bad-argument' for features of another backbone, 'training-diverged' where the head's
 * numbers are so large that the products are not finite.
 */
export async function embed(
  { dimensions, projection, bias }: Head,
  features: Float32Array,
  arithmetic: Arithmetic,
): Promise<Float32Array<ArrayBuffer>> {
  const n = countRows(features, dimensions);
  const embeddings = new Float32Array(n * EMBEDDING_SIZE);
  for (let from = 0; from < n; from += BLOCK) {
    const to = Math.min(n, from + BLOCK);
    const block = features.subarray(from * dimensions, to * dimensions);
    const z = await arithmetic.productTransposed(block, projection, to - from, dimensions, EMBEDDING_SIZE);
    for (let i = 0; i < z.length; i++) (z[i] as number) += bias[i % EMBEDDING_SIZE] as number;
    // Features are finite, or they would not have been kept.
    if (!z.every(Number.isFinite)) throw tooLarge();
    embeddings.set(normaliseRows(z, EMBEDDING_SIZE), from * EMBEDDING_SIZE);
  }
  return embeddings;
}

const tooLarge = () =>
  new AppError(
    'training-diverged',
    'The head has numbers so large that its embeddings are not finite. The features are kept; train it again with a lower learning rate, or load another head.',
  );
