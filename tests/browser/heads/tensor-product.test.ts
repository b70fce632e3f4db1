import { beforeAll, expect, it } from 'vitest';
import { batchGradients } from '../../../src/heads/gradients.ts';
import { arraysOf, initialParameters } from '../../../src/heads/parameters.ts';
import { plainProduct, transpose } from '../../../src/heads/product.ts';
import { defaultRecipe } from '../../../src/heads/recipe.ts';
import { tensorProduct } from '../../../src/heads/tensor-product.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { type Engine, openEngine } from '../../../src/models/engine.ts';
import { relativeError } from '../../unit/heads/reference.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine('wasm');
});

it.each([
  [1, 1, 1],
  [5, 7, 3],
  [64, 33, 512],
])('multiplies [%i, %i] by [.., %i] as plain arrays do, and keeps no tensor', async (m, k, n) => {
  const random = seededRandom(m);
  const a = Float32Array.from({ length: m * k }, random.gaussian);
  const b = Float32Array.from({ length: k * n }, random.gaussian);
  const { numTensors } = engine.memory();
  expect(relativeError(await tensorProduct(a, b, m, k, n), await plainProduct(a, b, m, k, n))).toBeLessThan(1e-6);
  expect(engine.memory().numTensors).toBe(numTensors);
  await expect(tensorProduct(a, b, m, k + 1, n)).rejects.toThrow();
  expect(engine.memory().numTensors).toBe(numTensors);
});

it.each(['linear', 'cosine'] as const)('gives the gradients that plain arrays give (%s)', async (classifier) => {
  const random = seededRandom(1);
  const [n, dimensions, classes] = [64, 192, 36];
  const rows = Float32Array.from({ length: n * dimensions }, random.gaussian);
  const batch = { rows, columns: transpose(rows, n, dimensions) };
  const labels = Int32Array.from({ length: n }, () => random.below(classes));
  const parameters = initialParameters([dimensions], classes, classifier, 0);
  const by = (product: typeof plainProduct) =>
    batchGradients(parameters, [batch], labels, defaultRecipe(classifier), seededRandom(0), product);
  const [tensors, plain] = [await by(tensorProduct), await by(plainProduct)];
  expect(tensors.loss / plain.loss).toBeCloseTo(1, 5);
  const expected = arraysOf(plain.gradients);
  arraysOf(tensors.gradients).forEach((gradient, i) => {
    if (gradient.length > 0) expect(relativeError(gradient, expected[i] ?? [])).toBeLessThan(1e-4);
  });
});
