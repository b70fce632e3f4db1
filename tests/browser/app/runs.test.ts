import { expect, test } from 'vitest';
import { frozenChoice, type RunChoice, runId } from '../../../src/app/comparison/runs.ts';
import { followChanges, followOpened } from '../../../src/app/follow.ts';
import { plannedRuns } from '../../../src/core/plan.ts';
import { defaultRecipe } from '../../../src/heads/recipe.ts';

followChanges();
followOpened();

const cosine = defaultRecipe('cosine');
const tuned: RunChoice = {
  members: [{ weightsId: 'resnet50.tv_in1k', head: 'finetuned' }],
  combine: null,
  recipe: cosine,
  loaded: null,
  rank: 'plain',
};

test('a frozen run has one name, whatever the recipe of heads', () => {
  const id = runId(frozenChoice('resnet50.tv_in1k', cosine));
  expect(id).toBe('resnet50.tv_in1k:frozen');
  expect(runId(frozenChoice('resnet50.tv_in1k', { ...cosine, seed: 7, epochs: 3 }))).toBe(id);
});

test('a fine-tuned run is named by its recipe', () => {
  const id = runId(tuned);
  expect(id).toMatch(/^resnet50\.tv_in1k:finetuned~cosine~seed0~[0-9a-f]{8}$/);
  expect(runId({ ...tuned, recipe: { ...cosine } })).toBe(id);
  const others = [
    { ...cosine, seed: 1 },
    { ...cosine, dropout: 0.1 },
    { ...cosine, refit: false },
    defaultRecipe('linear'),
  ].map((recipe) => runId({ ...tuned, recipe }));
  expect(new Set([id, ...others]).size).toBe(5);
});

test('an ensemble is named by members, combination and seed', () => {
  const members = [
    { weightsId: 'a', head: 'frozen' },
    { weightsId: 'b', head: 'frozen' },
  ] as const;
  expect(runId({ ...tuned, members: [...members], combine: 'mean' })).toBe('a:frozen+b:frozen~mean~seed0');
  expect(runId({ ...tuned, loaded: 'c0ffee' })).toBe('loaded~c0ffee');
});

test('the plan makes frozen runs once and fine-tuned ones for every seed', () => {
  const choices = plannedRuns({
    singles: [
      { weightsId: 'a', frozen: true, finetuned: true },
      { weightsId: 'b', frozen: false, finetuned: false },
    ],
    ensembles: [
      {
        members: [
          { weightsId: 'a', head: 'finetuned' },
          { weightsId: 'b', head: 'finetuned' },
        ],
        combine: ['mean', 'shared'],
      },
    ],
    recipe: { ...cosine, seed: 5 },
    seeds: 2,
  });
  const brief = choices.map(({ members, combine, recipe }) => [
    members.map(({ weightsId, head }) => `${weightsId}:${head}`).join('+'),
    combine,
    recipe.seed,
  ]);
  expect(brief).toEqual([
    ['a:frozen', null, 5],
    ['a:finetuned', null, 5],
    ['a:finetuned', null, 6],
    ['a:finetuned+b:finetuned', 'mean', 5],
    ['a:finetuned+b:finetuned', 'mean', 6],
    ['a:finetuned+b:finetuned', 'shared', 5],
    ['a:finetuned+b:finetuned', 'shared', 6],
  ]);
});
