import { seededRandom } from '../math/random.ts';
import type { Classifier } from './recipe.ts';

/** Length of z, and so of a fine-tuned embedding. */
export const EMBEDDING_SIZE = 512;

const STREAM = 0x1417;

/** An affine map in torch's layout. */
export interface Linear {
  /** [outputs, inputs], row-major. */
  readonly weight: Float32Array<ArrayBuffer>;
  /** [outputs]. */
  readonly bias: Float32Array<ArrayBuffer>;
}

/**
 * Everything that is trained: one projection D → 512 a member (one, but for heads trained together) and the classifier
 * 512 → C that they share. Gradients and Adam's moments have the same layout.
 */
export interface Parameters {
  readonly projections: readonly Linear[];
  /** `cosine` has no bias: its array is empty. */
  readonly classifier: Linear;
}

/**
 * Initial values as torch's nn.Linear has them, uniform in ±1/√inputs for weights and biases. The class vectors of
 * `cosine` start as the rows of such a layer too. They depend on the seed alone: whatever the backbone, a class starts
 * in the same direction, so that heads of one seed are partly in line and their `mean` is worth more (on photos of
 * groceries +2 points of mAP@R for both classifiers). `dimensions` lists the D of each member.
 */
export function initialParameters(
  dimensions: readonly number[],
  classes: number,
  classifier: Classifier,
  seed: number,
): Parameters {
  const draw = (length: number, inputs: number, stream: number) => {
    const random = seededRandom(seed, STREAM + stream);
    const bound = 1 / Math.sqrt(inputs);
    return Float32Array.from({ length }, () => bound * (2 * random.uniform() - 1));
  };
  const layer = (outputs: number, inputs: number, biases: number, stream: number): Linear => ({
    weight: draw(outputs * inputs, inputs, stream),
    bias: draw(biases, inputs, stream + 1),
  });
  return {
    projections: dimensions.map((inputs, i) => layer(EMBEDDING_SIZE, inputs, EMBEDDING_SIZE, 2 + 2 * i)),
    classifier: layer(classes, EMBEDDING_SIZE, classifier === 'linear' ? classes : 0, 0),
  };
}

/** The arrays themselves, in a fixed order. */
export function arraysOf({ projections, classifier }: Parameters): Float32Array<ArrayBuffer>[] {
  return [...projections, classifier].flatMap(({ weight, bias }) => [weight, bias]);
}

export function copyParameters(parameters: Parameters): Parameters {
  return mapParameters(parameters, (values) => values.slice());
}

/** `array` makes the zeros. */
export function zerosLike(
  parameters: Parameters,
  array = (length: number): Float32Array<ArrayBuffer> => new Float32Array(length),
): Parameters {
  return mapParameters(parameters, ({ length }) => array(length));
}

function mapParameters(
  { projections, classifier }: Parameters,
  map: (values: Float32Array<ArrayBuffer>) => Float32Array<ArrayBuffer>,
): Parameters {
  const layer = ({ weight, bias }: Linear): Linear => ({ weight: map(weight), bias: map(bias) });
  return { projections: projections.map(layer), classifier: layer(classifier) };
}
