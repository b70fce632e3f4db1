import { expect, it } from 'vitest';
import { adamStep, startAdam } from '../../../src/heads/adam.ts';
import { plainArithmetic } from '../../../src/heads/arithmetic.ts';
import { arraysOf, copyParameters, initialParameters } from '../../../src/heads/parameters.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { relativeError, valuesOf } from './reference.ts';

it.each([0, 0.01])('follows torch.optim.Adam over several steps (weight decay %s)', (weightDecay) => {
  const parameters = initialParameters([3], 2, 'linear', 4);
  const state = startAdam(parameters);
  const values = valuesOf(parameters);
  const first = values.map((array) => array.map(() => 0));
  const second = values.map((array) => array.map(() => 0));
  const random = seededRandom(5);
  const learningRate = 0.01;
  for (let step = 1; step <= 7; step++) {
    const gradients = copyParameters(parameters);
    for (const array of arraysOf(gradients)) array.set(array.map(() => random.gaussian() * step));
    adamStep(parameters, gradients, state, { learningRate, weightDecay }, plainArithmetic);
    // torch/optim/adam.py, _single_tensor_adam, in its order.
    valuesOf(gradients).forEach((gradient, a) => {
      const [value, m, v] = [values[a], first[a], second[a]];
      gradient.forEach((g, i) => {
        if (!value || !m || !v) throw new Error('arrays differ');
        const decayed = g + weightDecay * (value[i] as number);
        m[i] = 0.9 * (m[i] as number) + 0.1 * decayed;
        v[i] = 0.999 * (v[i] as number) + 0.001 * decayed ** 2;
        const denominator = Math.sqrt(v[i] as number) / Math.sqrt(1 - 0.999 ** step) + 1e-8;
        value[i] = (value[i] as number) - ((learningRate / (1 - 0.9 ** step)) * (m[i] as number)) / denominator;
      });
    });
    arraysOf(parameters).forEach((array, a) => {
      expect(relativeError(array, values[a] ?? [])).toBeLessThan(1e-6);
    });
  }
  expect(state.steps).toBe(7);
});

it('leaves a parameter without gradient where it is', () => {
  const parameters = initialParameters([3], 2, 'cosine', 4);
  const before = valuesOf(parameters);
  const gradients = copyParameters(parameters);
  for (const array of arraysOf(gradients)) array.fill(0);
  adamStep(parameters, gradients, startAdam(parameters), { learningRate: 1, weightDecay: 0 }, plainArithmetic);
  expect(valuesOf(parameters)).toEqual(before);
});
