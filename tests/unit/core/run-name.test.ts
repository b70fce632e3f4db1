import { expect, test } from 'vitest';
import { resultRows } from '../../../src/core/result-rows.ts';
import { membersKey, type RunChoice, runId } from '../../../src/core/run-choice.ts';
import { fileNames, rowsOf, runLabel, runName } from '../../../src/core/run-name.ts';
import type { RunResult } from '../../../src/exports/report.ts';
import type { HeadKind } from '../../../src/heads/member.ts';
import { defaultRecipe } from '../../../src/heads/recipe.ts';

const capitals = { label: (id: string) => id.toUpperCase() };
const label = (heads: readonly HeadKind[], rank: 'plain' | 'cover' = 'plain') =>
  runLabel(capitals, {
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

const weights = { label: (id: string) => (id.startsWith('resnet50') ? 'ResNet-50' : 'DeiT-Tiny') };
const cosine = defaultRecipe('cosine');
const single: RunChoice = {
  members: [{ weightsId: 'resnet50', head: 'finetuned' }],
  combine: null,
  recipe: cosine,
  loaded: null,
  rank: 'plain',
};
const frozen: RunChoice = { ...single, members: [{ weightsId: 'resnet50', head: 'frozen' }] };
const ensemble: RunChoice = {
  ...frozen,
  members: [...frozen.members, { weightsId: 'deit', head: 'frozen' }],
  combine: 'mean',
};
const seeds = (choice: RunChoice) => [0, 1, 2].map((seed) => ({ ...choice, recipe: { ...choice.recipe, seed } }));

/** As the evaluation names it: by architectures, which do not tell sizes, recipes or files apart. */
function resultOf({ members, combine, recipe, rank }: RunChoice): RunResult {
  const trained = members.some(({ head }) => head === 'finetuned');
  return {
    model: membersKey(members).replaceAll('@384', ''),
    head: trained ? 'finetuned' : 'frozen',
    classifier: trained ? recipe.classifier : null,
    combine,
    seed: recipe.seed,
    rank,
    weights: [],
    test: null,
    validation: null,
    training: null,
    posterior: null,
    index: 'exact',
    timing: { extractMs: 0, imagesPerSecond: null, trainMs: 0, indexBuildMs: 0, queryMsP50: 0 },
  };
}

const rows = (...choices: RunChoice[]) =>
  rowsOf(
    weights,
    choices.map((choice) => ({ choice, colour: 0, result: resultOf(choice) })),
  );

test('runs of usual recipes have short names', () => {
  expect(rows(frozen, ...seeds(single), ...seeds(ensemble)).map(runName)).toEqual([
    'ResNet-50, frozen',
    ...[0, 1, 2].map((seed) => `ResNet-50, fine-tuned, seed ${seed}`),
    ...[0, 1, 2].map((seed) => `ResNet-50 + DeiT-Tiny, frozen, mean, seed ${seed}`),
  ]);
});

test('frozen models side by side have no seed in their name, and are read where earlier versions scored them for several', () => {
  const sideBySide = { ...ensemble, combine: 'concat' as const };
  expect(rows(sideBySide).map(runName)).toEqual(['ResNet-50 + DeiT-Tiny, frozen, concat']);
  expect(rows(...seeds(sideBySide)).map(runName)).toEqual(
    [0, 1, 2].map((seed) => `ResNet-50 + DeiT-Tiny, frozen, concat (seed ${seed})`),
  );
  // What is stored under the id is found by it.
  expect(rows(sideBySide)[0]?.id).toMatch(/~concat~seed0$/);
  // They are one model, whose figures of each seed are equal.
  expect(resultRows(rows(...seeds(sideBySide), ...seeds(ensemble))).map(({ runs }) => runs.length)).toEqual([3, 3]);
});

test('where runs would share a name, it tells what differs', () => {
  const linear = { ...single, recipe: defaultRecipe('linear') };
  const other = { ...single, recipe: { ...cosine, dropout: 0.2, refit: false } };
  const loaded = ['a1b2c3d4', 'ffee0011'].map((digest) => ({ ...single, loaded: digest }));
  expect(rows(single, linear, other, ...loaded).map(runName)).toEqual([
    'ResNet-50, fine-tuned (cosine), seed 0',
    'ResNet-50, fine-tuned (linear), seed 0',
    'ResNet-50, fine-tuned (cosine, dropout 0.2, no refit), seed 0',
    'ResNet-50, fine-tuned, head from a file (a1b2c3)',
    'ResNet-50, fine-tuned, head from a file (ffee00)',
  ]);
});

test('no two different runs have one name, or one file name', () => {
  const variants = [frozen, single, ensemble, { ...ensemble, combine: 'concat' as const }];
  const recipes = [cosine, { ...cosine, epochs: 3 }, defaultRecipe('linear')];
  const all = variants.flatMap((choice) =>
    recipes.flatMap((recipe) => (['plain', 'cover'] as const).flatMap((rank) => seeds({ ...choice, recipe, rank }))),
  );
  const loaded = ['a1b2c3d4', 'ffee0011'].map((digest) => ({ ...single, loaded: digest }));
  const different = [...new Map([...all, ...loaded].map((choice) => [runId(choice), choice])).values()];
  const named = rows(...different);
  expect(new Set(named.map(runName)).size).toBe(different.length);
  const files = [...fileNames(named).values()].map((name) => name.toLowerCase());
  expect(new Set(files).size).toBe(different.length);
});

test('a run keeps its file name whatever else is saved with it, and however the runs are sorted', () => {
  const all = rows(...seeds(single), { ...single, recipe: { ...cosine, epochs: 3 } });
  expect(fileNames([...all].reverse())).toEqual(new Map([...fileNames(all)].reverse()));
});
