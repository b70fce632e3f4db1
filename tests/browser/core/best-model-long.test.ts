import { expect, onTestFinished, test, vi } from 'vitest';
import { type BestRequest, findBest } from '../../../src/core/best-model.ts';
import { runOf } from '../../../src/core/chosen-run.ts';
import type { Context, Step } from '../../../src/core/context.ts';
import { evaluateTest, evaluateValidation } from '../../../src/core/evaluate-run.ts';
import { groupsHeldOut } from '../../../src/core/held-out-groups.ts';
import { createHeldOutModels } from '../../../src/core/held-out-models.ts';
import { frozenChoice, type RunChoice } from '../../../src/core/run-choice.ts';
import { runClasses } from '../../../src/core/run-classes.ts';
import { createSetbacks } from '../../../src/core/setbacks.ts';
import type { UsableWeights } from '../../../src/core/weights-catalogue.ts';
import { AppError } from '../../../src/errors.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { BACKBONES } from '../../../src/models/backbones.ts';
import { RANKING_NAMES } from '../../../src/search/rankings.ts';
import type { Database } from '../../../src/storage/database.ts';
import { putFeatures } from '../../../src/storage/features.ts';
import type { ImageRecord, Weights } from '../../../src/types.ts';
import { contextOver } from './context.ts';
import { CLASSES, DIMENSIONS, makeData, recipe } from './two-backbones.ts';

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
  const found = await findBest(contextWith(database), { datasetId: 'd', images }, request, step, createSetbacks());
  const [first, ...further] = found.path;
  expect(first?.choice.members).toHaveLength(1);
  expect(first?.choice).toMatchObject({ rank: 'plain', members: [{ head: 'frozen' }] });
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
  // Two frozen ones; then three singles in place of the chosen, three further members by three rankings each, two rankings.
  expect(found.tried).toBeGreaterThanOrEqual(2 + 3 + 9 + 2);
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
    const { path } = await findBest(contextWith(database), { datasetId: 'd', images }, asked, step, createSetbacks());
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

/** The same database, which says what is read of heads and features. */
const watched = (database: Database, read: (store: string) => void): Database => ({
  ...database,
  read: (work) =>
    database.read((connection) =>
      work(
        new Proxy(connection, {
          get(target, name) {
            const value: unknown = Reflect.get(target, name);
            if (typeof value !== 'function') return value;
            return (store: unknown, ...rest: unknown[]) => {
              if (store === 'features' || store === 'heads') read(store);
              return Reflect.apply(value, target, [store, ...rest]);
            };
          },
        }),
      ),
    ),
});

test('a model of members that were tried costs no reading, and is judged as any run is', async () => {
  const { database, images } = await makeData();
  let reads = 0;
  const context = contextWith(watched(database, () => reads++));
  const { signal } = new AbortController();
  const step = { signal, report() {}, stage() {} };
  const folds = await groupsHeldOut(context, { datasetId: 'd', images }, ['one', 'two'], 3, step);
  expect(folds).toHaveLength(3);
  const members: RunChoice['members'] = [
    { weightsId: 'one', head: 'frozen' },
    { weightsId: 'one', head: 'finetuned' },
    { weightsId: 'two', head: 'finetuned' },
  ];
  const choiceOf = (some: RunChoice['members'], rank: RunChoice['rank'], combine: RunChoice['combine']): RunChoice => ({
    ...{ members: some, combine: some.length > 1 ? combine : null, rank, recipe, loaded: null },
  });
  const models = [
    ...RANKING_NAMES.map((rank) => choiceOf(members, rank, 'concat')),
    ...RANKING_NAMES.map((rank) => choiceOf(members.slice(1), rank, 'mean')),
    choiceOf(members.slice(0, 1), 'cover', null),
  ];
  const [fold = expect.fail('no fold')] = folds ?? [];
  for (const open of [false, true]) {
    const kept = createHeldOutModels(context, 1, open);
    reads = 0;
    for (const member of members) await kept.judge(fold, choiceOf([member], 'plain', null), 'one', step);
    expect(reads).toBeGreaterThan(0);
    reads = 0;
    const judged = [];
    for (const choice of models) judged.push(await kept.judge(fold, choice, 'several', step));
    expect(reads).toBe(0);

    // Without room, all is read for each: to the same end.
    const forgetful = createHeldOutModels(context, 1, open, 0);
    for (const [at, choice] of models.entries()) {
      const { subject } = fold;
      const swapped = subject.images.map((image): ImageRecord => {
        const split = image.split === 'query' ? 'gallery' : image.split === 'gallery' ? 'query' : image.split;
        return { ...image, split };
      });
      const ways: (typeof subject)[] = [subject, { ...subject, images: swapped }];
      for (const [way, asked] of ways.entries()) {
        const run = (await runOf(context, choice, asked)) ?? expect.fail('weights are missing');
        const classes = await runClasses(context, run, open ? 'on' : 'off');
        const { test } = await evaluateTest(context, run, { ks: [1], index: 'exact', efSearch: 64 }, classes, signal);
        expect(judged[at]?.[way]).toEqual(test);
      }
      reads = 0;
      expect(await forgetful.judge(fold, choice, 'several', step)).toEqual(judged[at]);
      expect(reads).toBeGreaterThan(0);
    }
  }
  // An average takes a frozen member's rows in another form: read once more.
  const averaged = choiceOf(members, 'plain', 'mean');
  const kept = createHeldOutModels(context, 1, false);
  await kept.judge(fold, choiceOf(members, 'plain', 'concat'), 'several', step);
  const once = await kept.judge(fold, averaged, 'several', step);
  reads = 0;
  expect(await kept.judge(fold, averaged, 'several', step)).toEqual(once);
  expect(reads).toBe(0);
});

test('where few classes can be divided, the parts that they are in do', async () => {
  const { database, images } = await makeData();
  const of = new Map<string | null, number>();
  // One class has four images, the others two: it is held out in two parts of three.
  const few = images.filter(({ split, className }) => {
    if (split !== 'training') return true;
    const before = of.get(className) ?? 0;
    of.set(className, before + 1);
    return before < (className === 'class 0' ? 4 : 2);
  });
  const step = { signal: new AbortController().signal, report() {}, stage() {} };
  const subject = { datasetId: 'd', images: few };
  const { path, complete } = await findBest(contextWith(database), subject, request, step, createSetbacks());
  expect(path.length).toBeGreaterThan(0);
  expect(complete).toBe(true);
});

test('a training that the time does not suffice for is ended with the time, and the best so far is chosen', async () => {
  const { database, images } = await makeData();
  const budget = new AbortController();
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(budget.signal);
  onTestFinished(() => timeout.mockRestore());
  let training = false;
  let epochs = 0;
  const step: Step = {
    signal: new AbortController().signal,
    stage(name) {
      training = name.startsWith('Training');
    },
    report({ done }) {
      if (!training) return;
      epochs = done;
      budget.abort();
    },
  };
  const patient = { ...recipe, epochs: 1000, patience: 1000 };
  const hurried = { ...request, recipe: patient, budgetMs: 5000 };
  const found = await findBest(contextWith(database), { datasetId: 'd', images }, hurried, step, createSetbacks());
  expect(timeout).toHaveBeenCalledWith(5000);
  expect(found.complete).toBe(false);
  expect(found.path.map(({ choice }) => choice.members.map(({ head }) => head))).toEqual([['frozen']]);
  // The worker may have been some epochs ahead of what it had told.
  expect(epochs).toBeLessThan(1000);
});

test('a choice that is cancelled ends at once, and one without time or without validation says so', async () => {
  const { database, images } = await makeData();
  const controller = new AbortController();
  const step = { signal: controller.signal, report() {}, stage: () => controller.abort() };
  const subject = { datasetId: 'd', images };
  await expect(findBest(contextWith(database), subject, request, step, createSetbacks())).rejects.toMatchObject({
    code: 'aborted',
  });

  const calm = { signal: new AbortController().signal, report() {}, stage() {} };
  const hurried = findBest(contextWith(database), subject, { ...request, budgetMs: 0 }, calm, createSetbacks());
  await expect(hurried).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringMatching(/time/) });

  const few = images.filter(({ split, path }) => split !== 'training' || Number(path.split('-')[1]) < 12);
  const unvalidated = findBest(contextWith(database), { datasetId: 'd', images: few }, request, calm, createSetbacks());
  await expect(unvalidated).rejects.toMatchObject({ code: 'dataset-unusable' });
});

/**
 * Photos of four shoots a class: `general` sees the class through noise, `shoots` nothing but the shoot, sharply. Queries and
 * gallery are of two other shoots each.
 */
async function makeShoots() {
  const { database } = await makeData(undefined, 1, {});
  const random = seededRandom(11);
  const gaussians = () => Float32Array.from({ length: DIMENSIONS }, () => random.gaussian());
  const classCentres = Array.from({ length: CLASSES }, gaussians);
  const images: ImageRecord[] = [];
  const rows: { readonly hash: string; readonly general: Float32Array; readonly shoots: Float32Array }[] = [];
  for (const [split, shoots] of [
    ['training', 4],
    ['query', 2],
    ['gallery', 2],
  ] as const) {
    for (let at = 0; at < CLASSES * shoots; at++) {
      const label = at % CLASSES;
      const shoot = gaussians();
      for (let i = 0; i < 10; i++) {
        const hash = `${split}-${at}-${i}`;
        const className = `class ${label}`;
        images.push({ datasetId: 'd', path: hash, split, file: hash, className, bytes: 1, hash, width: 8, height: 8 });
        const near = (centre: Float32Array | undefined, noise: number) =>
          Float32Array.from({ length: DIMENSIONS }, (_, d) => (centre?.[d] ?? 0) + noise * random.gaussian());
        rows.push({ hash, general: near(classCentres[label], 2), shoots: near(shoot, 0.1) });
      }
    }
  }
  for (const name of ['general', 'shoots'] as const) {
    await putFeatures(
      database,
      name,
      rows.map((row) => ({ hash: row.hash, features: Float32Array.from(row[name]) })),
    );
  }
  return { context: contextWith(database), subject: { datasetId: 'd', images } };
}

test('among photos of shoots, what memorises wins by a split of images, and not by one of shoots', async () => {
  const { context, subject } = await makeShoots();
  const { signal } = new AbortController();
  const step = { signal, report() {}, stage() {} };
  // The image-wise split of the head's training: near-copies of its queries are in its gallery.
  const byImages = async (weightsId: string) => {
    const run = await runOf(context, frozenChoice(weightsId, recipe), subject);
    const judged = run && (await evaluateValidation(context, run, [1], null, signal));
    return judged?.scores?.topk['1'] ?? 0;
  };
  expect(await byImages('shoots')).toBeGreaterThan(await byImages('general'));

  const asked = { ...request, weightsIds: ['shoots', 'general'] };
  const { path } = await findBest(context, subject, asked, step, createSetbacks());
  for (const { choice } of path) {
    expect(choice.members.map(({ weightsId }) => weightsId)).not.toContain('shoots');
  }
  const run = await runOf(context, path[0]?.choice ?? expect.fail('nothing chosen'), subject);
  const test = run && (await evaluateTest(context, run, { ks: [1], index: 'exact', efSearch: 64 }, null, signal));
  // What it is worth is told about right: near what the test gives, where the other is worth chance.
  expect(Math.abs((test?.test?.scores?.topk['1'] ?? 0) - (path[0]?.value ?? 1))).toBeLessThan(0.15);
});

test('a model that fails is left, the others are chosen among, and the failure is said', async () => {
  const wider = DIMENSIONS + 8;
  const { database, images } = await makeData(undefined, 1, { one: DIMENSIONS, two: wider });
  const calm = contextWith(database);
  const find = (id: string) => {
    const found = calm.weights.find(id);
    return found && { ...found, features: id === 'two' ? wider : DIMENSIONS };
  };
  const diverging = async () => {
    const worker = await calm.workers.training.api();
    const train = (...asked: Parameters<typeof worker.train>) =>
      asked[0].members.some(({ dimensions }) => dimensions === wider)
        ? Promise.reject(new AppError('training-diverged', 'The loss is not a number any more.'))
        : worker.train(...asked);
    return new Proxy(worker, { get: (target, name) => (name === 'train' ? train : Reflect.get(target, name)) });
  };
  const context: Context = {
    ...calm,
    weights: { ...calm.weights, find },
    workers: { ...calm.workers, training: { ...calm.workers.training, api: diverging } },
  };
  const step = { signal: new AbortController().signal, report() {}, stage() {} };
  const setbacks = createSetbacks();
  const found = await findBest(context, { datasetId: 'd', images }, request, step, setbacks);
  expect(found.complete).toBe(true);
  const members = found.path.flatMap(({ choice }) => choice.members);
  expect(members.length).toBeGreaterThan(0);
  expect(members).not.toContainEqual({ weightsId: 'two', head: 'finetuned' });
  // Once, though it might have been a member of many.
  expect(setbacks.error('The others were tried.')).toMatchObject({
    code: 'training-diverged',
    message: expect.stringMatching(/^two[^:]*: The loss is not a number any more\. The others were tried\.$/),
  });
});
