import { expect, test } from 'vitest';
import { runLabel } from '../../../src/core/run-name.ts';
import type { HeadKind } from '../../../src/heads/member.ts';
import { defaultRecipe } from '../../../src/heads/recipe.ts';

const weights = { label: (id: string) => id.toUpperCase() };
const label = (heads: readonly HeadKind[], rank: 'plain' | 'cover' = 'plain') =>
  runLabel(weights, {
    members: heads.map((head, i) => ({ weightsId: 'ab'.charAt(i), head })),
    combine: heads.length > 1 ? 'concat' : null,
    loaded: null,
    rank,
    recipe: defaultRecipe('cosine'),
  });

test('a run says once how its members are trained: all of them, or each', () => {
  expect(label(['frozen'])).toBe('A, frozen');
  expect(label(['finetuned', 'finetuned'])).toBe('A + B, fine-tuned, concat');
  expect(label(['frozen', 'finetuned'], 'cover')).toBe('A (frozen) + B (fine-tuned), concat, ranked by cover');
});
