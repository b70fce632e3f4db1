import { plainArithmetic } from '../../../src/heads/arithmetic.ts';
import { type Classifier, defaultRecipe, type Recipe } from '../../../src/heads/recipe.ts';
import type { TrainingJob, TrainingOptions } from '../../../src/heads/training.ts';
import { seededRandom } from '../../../src/math/random.ts';

/** Synthetic features: each class a cloud of `images` points around its own centre; the wider `spread`, the harder. */
export function cloudsJob(
  classifier: Classifier,
  changes: Partial<Recipe> = {},
  { classes = 4, images = 20, spread = 1, members = 1, dimensions = 12 } = {},
): TrainingJob {
  const random = seededRandom(9);
  const labels = Int32Array.from({ length: classes * images }, (_, i) => i % classes);
  const clouds = () => {
    const centres = Float32Array.from({ length: classes * dimensions }, () => random.gaussian());
    return Float32Array.from({ length: labels.length * dimensions }, (_, i) => {
      const label = labels[Math.floor(i / dimensions)] ?? 0;
      return (centres[label * dimensions + (i % dimensions)] ?? 0) + spread * random.gaussian();
    });
  };
  return {
    members: Array.from({ length: members }, () => ({ features: clouds(), dimensions })),
    labels,
    classes,
    recipe: { ...defaultRecipe(classifier), batch: 16, epochs: 12, ...changes },
  };
}

/** Plain arrays, nothing else. */
export function plainly(options: Partial<TrainingOptions> = {}): TrainingOptions {
  return { arithmetic: () => plainArithmetic, signal: new AbortController().signal, ...options };
}
