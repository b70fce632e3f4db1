import * as v from 'valibot';
import { expect, it } from 'vitest';
import { defaultRecipe, recipeSchema } from '../../../src/heads/recipe.ts';

it('has the defaults of the paper and of the normalised softmax', () => {
  expect(defaultRecipe('linear')).toMatchObject({ classifier: 'linear', learningRate: 1e-3, epochs: 100, refit: true });
  expect(defaultRecipe('cosine')).toMatchObject({ learningRate: 1e-4, epochs: 200, scale: 8, patience: 10, batch: 64 });
  expect(v.is(recipeSchema, defaultRecipe('linear')) && v.is(recipeSchema, defaultRecipe('cosine'))).toBe(true);
});

it.each([
  ['classifier', 'arcface'],
  ['epochs', 0],
  ['epochs', 2.5],
  ['patience', -1],
  ['learningRate', 0],
  ['learningRate', Number.NaN],
  ['learningRate', '0.1'],
  ['batch', 1e9],
  ['weightDecay', -0.1],
  ['dropout', 1],
  ['labelSmoothing', 1],
  ['scale', Number.POSITIVE_INFINITY],
  ['seed', 2 ** 31],
  ['refit', 1],
  ['momentum', 0.9],
])('refuses %s = %s', (key, value) => {
  expect(v.is(recipeSchema, { ...defaultRecipe('cosine'), [key]: value })).toBe(false);
});
