import { expect, test } from 'vitest';
import { type BestRequest, findBest } from '../../../src/core/best-model.ts';
import type { Context } from '../../../src/core/context.ts';
import type { UsableWeights } from '../../../src/core/weights-catalogue.ts';
import { BACKBONES } from '../../../src/models/backbones.ts';
import type { Database } from '../../../src/storage/database.ts';
import type { Weights } from '../../../src/types.ts';
import { contextOver } from './context.ts';
import { DIMENSIONS, makeData, recipe } from './two-backbones.ts';

/** A page that knows the synthetic backbones as sets of weights. */
function contextWith(database: Database): Context {
  const real = contextOver(database);
  const [some] = BACKBONES;
  if (!some) throw new Error('There are no built-in weights.');
  const find = (id: string): Weights => ({ ...some, id, label: id, features: DIMENSIONS });
  const usable = (weights: Weights): UsableWeights => ({
    weights,
    preprocessing: { size: 224, cropPct: 1, interpolation: 'bilinear', mean: [0, 0, 0], std: [1, 1, 1] },
    featuresKey: weights.id,
    cached: null,
  });
  return { ...real, weights: { ...real.weights, find, usable, label: (id) => id } };
}

const request: BestRequest = { weightsIds: ['one', 'two'], k: 1, recipe, open: 'auto', budgetMs: 60_000 };

test('the best of two backbones is chosen on validation, step by step, and is told while it is looked for', async () => {
  // Each tells one half of the classes from the other, and surely: what is missing is the other's.
  const { database, images } = await makeData(
    (backbone, label) => (backbone === 'one' ? Math.floor(label / 2) : label % 2),
    0.5,
  );
  const stages: string[] = [];
  let reports = 0;
  const step = {
    signal: new AbortController().signal,
    report: () => reports++,
    stage: (name: string) => stages.push(name),
  };
  const found = await findBest(contextWith(database), { datasetId: 'd', images }, request, step);
  const [first, ...further] = found.path;
  expect(first?.choice.members).toHaveLength(1);
  expect(first?.choice.rank).toBe('plain');
  expect(first?.gain).toBeNull();
  expect(further.length).toBeGreaterThan(0);
  expect(found.path.at(-1)?.choice.members.length).toBeGreaterThan(1);
  further.forEach(({ value, gain }, i) => {
    expect(gain?.mean).toBeGreaterThan(gain?.standardError ?? 1);
    expect(value).toBeCloseTo((found.path[i]?.value ?? 0) + (gain?.mean ?? 0), 9);
  });
  const winner = found.path.at(-1);
  expect(winner?.choice.recipe.seed).toBe(recipe.seed);
  expect(found.interval[0]).toBeLessThan(winner?.value ?? 0);
  expect(found).toMatchObject({ complete: true });
  expect(found.tried).toBeGreaterThanOrEqual(4 + 11);
  expect(stages.some((name) => name.startsWith('Training'))).toBe(true);
  expect(stages).toContainEqual(expect.stringMatching(/^Trying .+ \+ .+, concat/));
  expect(reports).toBeGreaterThan(10);
});

test('features of image and mirror image are taken only where they are better by more than the standard error', async () => {
  const found = async (noisier: string) => {
    const { database, images } = await makeData(
      (_, label) => label,
      (name) => (name === noisier ? 2.5 : 1),
      {
        net: DIMENSIONS,
        'net@flip': DIMENSIONS,
      },
    );
    const asked = { ...request, weightsIds: ['net', 'net@flip'] };
    const step = { signal: new AbortController().signal, report() {}, stage() {} };
    const { path } = await findBest(contextWith(database), { datasetId: 'd', images }, asked, step);
    return path.flatMap(({ choice }) => choice.members);
  };
  // Alike, the simpler one is taken, and the other is no further member beside it.
  const alike = await found('none');
  expect(alike.map(({ weightsId }) => weightsId)).not.toContain('net@flip');
  for (const head of ['frozen', 'finetuned']) {
    expect(
      alike.filter((member, at) => member.head === head && alike.findIndex((other) => other.head === head) === at)
        .length,
    ).toBeLessThanOrEqual(1);
  }
  expect((await found('net'))[0]?.weightsId).toBe('net@flip');
});

test('a choice that is cancelled ends at once, and one without time or without validation says so', async () => {
  const { database, images } = await makeData();
  const controller = new AbortController();
  const step = { signal: controller.signal, report() {}, stage: () => controller.abort() };
  const subject = { datasetId: 'd', images };
  await expect(findBest(contextWith(database), subject, request, step)).rejects.toMatchObject({ code: 'aborted' });

  const calm = { signal: new AbortController().signal, report() {}, stage() {} };
  const hurried = findBest(contextWith(database), subject, { ...request, budgetMs: 0 }, calm);
  await expect(hurried).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringMatching(/time/) });

  const few = images.filter(({ split, path }) => split !== 'training' || Number(path.split('-')[1]) < 12);
  const unvalidated = findBest(contextWith(database), { datasetId: 'd', images: few }, request, calm);
  await expect(unvalidated).rejects.toMatchObject({ code: 'dataset-unusable' });
});
