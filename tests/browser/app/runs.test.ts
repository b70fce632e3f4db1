import { expect, test } from 'vitest';
import { refreshComparison } from '../../../src/app/comparison/plan.ts';
import {
  frozenChoice,
  type RunChoice,
  runId,
  type StoredRun,
  subjectDigest,
} from '../../../src/app/comparison/runs.ts';
import { database } from '../../../src/app/context.ts';
import { followChanges, followOpened } from '../../../src/app/follow.ts';
import { openedWorkspace } from '../../../src/app/opened.ts';
import { plannedRuns } from '../../../src/core/plan.ts';
import { defaultRecipe } from '../../../src/heads/recipe.ts';
import { noteChosen, putRun } from '../../../src/storage/runs.ts';
import { fakeRun, finetuned, frozen } from '../ui/fake-comparison.ts';
import { emptyStores, fillDataset } from '../ui/fake-state.ts';

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

test('how the best was chosen is shown again in another visit, the latest choice', async () => {
  fillDataset();
  const workspace = openedWorkspace();
  const { dataset, images } = workspace.dataset.getState();
  const [single, both] = [
    fakeRun({ members: [finetuned('a')], top1: 0.7, mapAtR: 0.5 }),
    fakeRun({ members: [finetuned('a'), frozen('b')], combine: 'concat', top1: 0.8, mapAtR: 0.5 }),
  ];
  const subject = await subjectDigest(images);
  for (const { choice, result } of [single, both]) {
    const run: StoredRun = { subject, madeAt: 0, choice, colour: 0, imagesPerSecond: null, result };
    await putRun(database, dataset?.id ?? '', runId(choice), run, { test: null, validation: null });
  }
  const step = ({ choice, label }: typeof single, value: number, gain: number | null) => ({
    ...{ choice, label, value },
    gain: gain === null ? null : { mean: gain, standardError: 0.01 },
  });
  const path = [step(single, 0.7, null), step(both, 0.8, 0.1)];
  const rest = { interval: [0.7, 0.9], tried: 12, complete: true };
  const note = (run: typeof single, chosen: { k: number; chosenAt: number; path: unknown }) =>
    noteChosen(database, dataset?.id ?? '', runId(run.choice), { ...rest, ...chosen });
  await note(both, { k: 10, chosenAt: 2, path });
  await note(single, { k: 1, chosenAt: 1, path: path.slice(0, 1) });
  workspace.comparison.setState({ best: null });
  await refreshComparison(workspace);
  const shown = workspace.comparison.getState().best;
  expect(shown).toMatchObject({ k: 10, state: 'done', path, found: rest, runId: runId(both.choice) });
  expect(shown?.outdated).toBe(false);
  // With other labels it counts no longer, in this visit and the next, until they are back.
  const at = images.findIndex(({ split }) => split === 'training');
  const others = images.map((image, i) => (i === at ? { ...image, className: 'another' } : image));
  for (const [now, outdated] of [
    [others, true],
    [images, false],
  ] as const) {
    workspace.dataset.setState({ images: now });
    for (const best of [shown ?? null, null]) {
      workspace.comparison.setState({ best });
      await refreshComparison(workspace);
      expect(workspace.comparison.getState().best).toMatchObject({ k: 10, outdated });
    }
  }
  // What is being chosen now is not taken away.
  const begun = { k: 5, state: 'running', path: [], found: null, runId: null, subject, outdated: false } as const;
  workspace.comparison.setState({ best: begun });
  await refreshComparison(workspace);
  expect(workspace.comparison.getState().best).toMatchObject({ k: 5, state: 'running' });
  emptyStores();
});

test('results of other labels are told apart from those that count, and come back with the labels', async () => {
  fillDataset();
  const workspace = openedWorkspace();
  const { dataset, images } = workspace.dataset.getState();
  const before = await subjectDigest(images);
  const run = fakeRun({ members: [finetuned('c')], top1: 0.7, mapAtR: 0.5 });
  const { choice, result } = run;
  const stored: StoredRun = { subject: before, madeAt: 0, choice, colour: 0, imagesPerSecond: null, result };
  await putRun(database, dataset?.id ?? '', runId(choice), stored, { test: null, validation: null });
  const shown = async () => {
    await refreshComparison(workspace);
    const { runs, outdated } = workspace.comparison.getState();
    return {
      counts: runs.some(({ id }) => id === runId(choice)),
      outdated: outdated.map(runId).includes(runId(choice)),
    };
  };
  expect(await shown()).toEqual({ counts: true, outdated: false });
  const at = images.findIndex(({ split }) => split === 'training');
  workspace.dataset.setState({
    images: images.map((image, i) => (i === at ? { ...image, className: 'another' } : image)),
  });
  expect(await shown()).toEqual({ counts: false, outdated: true });
  workspace.dataset.setState({ images });
  expect(await shown()).toEqual({ counts: true, outdated: false });
  emptyStores();
});
