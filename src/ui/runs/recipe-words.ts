import { defaultRecipe, type Recipe } from '../../app/comparison/comparison.ts';
import * as runName from '../../core/run-name.ts';
import { formatAmount, formatNumber } from '../format.ts';

/** What differs from the classifier's defaults, as people read numbers here. */
export const recipeChanges = (recipe: Recipe): string[] => runName.recipeChanges(recipe, formatNumber);

/** The folded recipe in a line: "cosine classifier, defaults, 3 seeds". */
export function recipeLine(recipe: Recipe, seeds: number): string {
  const changes = recipeChanges(recipe);
  const seed = seeds > 1 ? formatAmount(seeds, 'seed') : recipe.seed === 0 ? [] : `seed ${recipe.seed}`;
  return [`${recipe.classifier} classifier`, changes.length === 0 ? 'defaults' : changes, seed].flat().join(', ');
}

/** The other classifier: what stood at the first one's defaults moves to the second one's, the rest stays as set. */
export function withClassifier(recipe: Recipe, classifier: Recipe['classifier']): Partial<Recipe> {
  const before = defaultRecipe(recipe.classifier);
  const after = defaultRecipe(classifier);
  return {
    classifier,
    epochs: recipe.epochs === before.epochs ? after.epochs : recipe.epochs,
    learningRate: recipe.learningRate === before.learningRate ? after.learningRate : recipe.learningRate,
  };
}
