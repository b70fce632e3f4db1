import { expect, test } from 'vitest';
import { plannedRuns, wantedAgain } from '../../../src/core/plan.ts';
import { type RunChoice, runId } from '../../../src/core/run-choice.ts';
import { defaultRecipe } from '../../../src/heads/recipe.ts';

const cosine = defaultRecipe('cosine');
const single = (weightsId: string, head: 'frozen' | 'finetuned', recipe = cosine): RunChoice => ({
  members: [{ weightsId, head }],
  combine: null,
  recipe,
  loaded: null,
  rank: 'plain',
});

test('every run is planned again, with its own recipe, seed and combination', () => {
  const both: RunChoice = {
    ...single('a', 'finetuned'),
    members: [
      { weightsId: 'a', head: 'finetuned' },
      { weightsId: 'b', head: 'frozen' },
    ],
    combine: 'concat',
  };
  const choices = [
    single('a', 'frozen'),
    single('a', 'finetuned', { ...cosine, seed: 2 }),
    single('a', 'finetuned', { ...cosine, seed: 4 }),
    single('b', 'finetuned', { ...cosine, seed: 2, dropout: 0.1 }),
    both,
    { ...both, combine: 'mean' as const },
  ];
  const planned = wantedAgain(choices).flatMap(plannedRuns).map(runId);
  expect(planned).toEqual(expect.arrayContaining(choices.map(runId)));
});

test('of another ranking the plain run is made, and a head from a file is not trained', () => {
  const ranked: RunChoice = { ...single('a', 'finetuned'), rank: 'class' };
  expect(wantedAgain([ranked]).flatMap(plannedRuns).map(runId)).toEqual([runId({ ...ranked, rank: 'plain' })]);
  expect(wantedAgain([{ ...ranked, loaded: 'c0ffee' }])).toEqual([]);
  expect(wantedAgain([])).toEqual([]);
});
