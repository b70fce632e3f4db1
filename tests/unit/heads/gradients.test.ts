import { describe, expect, it } from 'vitest';
import { plainArithmetic } from '../../../src/heads/arithmetic.ts';
import { batchGradients } from '../../../src/heads/gradients.ts';
import {
  arraysOf,
  copyParameters,
  EMBEDDING_SIZE,
  initialParameters,
  zerosLike,
} from '../../../src/heads/parameters.ts';
import { type Classifier, defaultRecipe, type Recipe } from '../../../src/heads/recipe.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { finiteDifference, referenceLoss, relativeError, valuesOf } from './reference.ts';

const classes = 3;
const labels = Int32Array.of(2, 0, 1, 2);

/** Loss and gradients by the product and by definition, on the same random images. */
async function both(recipe: Recipe, dimensions: readonly number[]) {
  const parameters = initialParameters(dimensions, classes, recipe.classifier, 1);
  const random = seededRandom(2);
  const batches = dimensions.map((d) => Float32Array.from({ length: labels.length * d }, () => random.gaussian()));
  const images = batches.map((rows, member) => {
    const d = dimensions[member] as number;
    return Array.from(labels, (_, i) => Float64Array.from(rows.subarray(i * d, (i + 1) * d)));
  });
  const gradients = copyParameters(parameters);
  const step = await batchGradients(parameters, batches, labels, recipe, seededRandom(3), plainArithmetic, gradients);
  const drop = seededRandom(3);
  const masks = dimensions.map(() =>
    Float64Array.from({ length: EMBEDDING_SIZE * labels.length }, () =>
      recipe.dropout > 0 && drop.uniform() < recipe.dropout ? 0 : 1 / (1 - recipe.dropout),
    ),
  );
  const loss = (values: Float64Array[]) =>
    referenceLoss(values, { images, labels: [...labels], classes, masks }, recipe);
  return { step, gradients: arraysOf(gradients), values: valuesOf(parameters), loss };
}

describe.each<Classifier>(['linear', 'cosine'])('the %s classifier', (classifier) => {
  const plain = defaultRecipe(classifier);
  it.each([
    ['plain', plain, [5]],
    ['with dropout and label smoothing', { ...plain, dropout: 0.3, labelSmoothing: 0.1 }, [5]],
    ['shared by two members', plain, [4, 3]],
  ] as const)('has the loss and gradients of its definition, %s', async (_, recipe, dimensions) => {
    const { step, gradients, values, loss } = await both(recipe, dimensions);
    expect(step.loss / labels.length / loss(values)).toBeCloseTo(1, 5);
    const random = seededRandom(6);
    expect(gradients.map(({ length }) => length)).toEqual(values.map(({ length }) => length));
    values.forEach((array, a) => {
      // A sample of each array, as two losses a number take their time.
      const indices = Array.from({ length: Math.min(array.length, 40) }, () => random.below(array.length));
      const expected = indices.map((i) => finiteDifference(values, array, i, loss));
      const found = indices.map((i) => gradients[a]?.[i] ?? Number.NaN);
      if (array.length > 0) expect(relativeError(found, expected)).toBeLessThan(1e-4);
    });
  });
});

describe('counting what the classifier gets right', () => {
  it('adds up the members', async () => {
    const recipe = defaultRecipe('linear');
    const parameters = initialParameters([1, 1], 2, 'linear', 0);
    for (const array of arraysOf(parameters)) array.fill(0);
    const [first, second] = parameters.projections;
    // z₀ = x of each member; the first class's logit is z₀, the second's −z₀.
    first?.weight.set([1]);
    second?.weight.set([1]);
    parameters.classifier.weight[0] = 1;
    parameters.classifier.weight[EMBEDDING_SIZE] = -1;
    // The members disagree on the second image, and the surer one is right.
    const batches = [Float32Array.of(1, 3), Float32Array.of(1, -1)];
    const { correct } = await batchGradients(
      parameters,
      batches,
      Int32Array.of(1, 0),
      recipe,
      seededRandom(0),
      plainArithmetic,
      zerosLike(parameters),
    );
    expect(correct).toBe(1);
  });
});
