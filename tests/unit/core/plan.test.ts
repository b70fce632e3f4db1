import * as v from 'valibot';
import { expect, test } from 'vitest';
import { plannedRuns, wantedAgain, wantedRunsSchema } from '../../../src/core/plan.ts';
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
  expect(planned.sort()).toEqual(choices.map(runId).sort());
});

test('of another ranking the plain run is made, and a head from a file is not trained', () => {
  const ranked: RunChoice = { ...single('a', 'finetuned'), rank: 'class' };
  expect(wantedAgain([ranked]).flatMap(plannedRuns).map(runId)).toEqual([runId({ ...ranked, rank: 'plain' })]);
  expect(wantedAgain([{ ...ranked, loaded: 'c0ffee' }])).toEqual([]);
  expect(wantedAgain([])).toEqual([]);
});

test('no run is added between two seeds, and none for a model that never had the seed', () => {
  const seeds = (weightsId: string, ...all: number[]) =>
    all.map((seed) => single(weightsId, 'finetuned', { ...cosine, seed }));
  const far = 2 ** 31 - 1;
  const many = Array.from({ length: 25 }, (_, i) => i);
  const choices = [...seeds('a', 0, 1, 2, 1000, far), ...seeds('b', 5), ...seeds('c', 0, 1, 2), ...seeds('d', ...many)];
  const wanted = wantedAgain([...choices, single('a', 'frozen')]);
  expect(wanted.flatMap(plannedRuns).map(runId).sort()).toEqual([...choices, single('a', 'frozen')].map(runId).sort());
  // Those that can be made together are; each is one that can be stored and resumed.
  expect(wanted).toHaveLength(6);
  for (const one of wanted) expect(v.parse(wantedRunsSchema, one)).toEqual(one);
});
