import { expect, test } from 'vitest';
import { runOf } from '../../../src/core/chosen-run.ts';
import { evaluateTest, evaluateValidation, rankQueries, runResult } from '../../../src/core/evaluate-run.ts';
import { galleryKey, openForQueries, orderElsewhere, searchGallery } from '../../../src/core/gallery.ts';
import { tryRankings } from '../../../src/core/ranking-trial.ts';
import { modelId, type Run, trainedTogether } from '../../../src/core/run.ts';
import { runBlocks } from '../../../src/core/run-blocks.ts';
import type { RunChoice } from '../../../src/core/run-choice.ts';
import { classCosines, galleryClasses, imageClasses, runClasses } from '../../../src/core/run-classes.ts';
import { runEmbeddings } from '../../../src/core/run-embeddings.ts';
import { keepHead, openedHead, savedHead } from '../../../src/core/saved-heads.ts';
import { storedHeads, trainHeads } from '../../../src/core/train-heads.ts';
import { classPosteriors } from '../../../src/heads/posterior.ts';
import type { TrainingResult } from '../../../src/heads/training.ts';
import { dot, similaritySource } from '../../../src/math/similarity.ts';
import { plainClasses } from '../../../src/search/classes/plain.ts';
import { rankWhole } from '../../../src/search/ranked-by.ts';
import { rankingNamed } from '../../../src/search/rankings.ts';
import type { Database } from '../../../src/storage/database.ts';
import { getEmbeddings, putEmbeddings } from '../../../src/storage/embeddings.ts';
import { getFeatures } from '../../../src/storage/features.ts';
import { putHeads } from '../../../src/storage/heads.ts';
import type { ImageRecord } from '../../../src/types.ts';
import { finish } from '../../unit/math/finish.ts';
import { freshDatabase } from '../storage/fresh-database.ts';
import { contextOver } from './context.ts';
import { CLASSES, makeData, member, recipe } from './two-backbones.ts';

const never = new AbortController().signal;
const settings = { ks: [1, 5], index: 'exact', efSearch: 64 } as const;
const base = { datasetId: 'd', recipe, loaded: null, rank: 'plain' } as const;
const noTiming = { extractMs: 0, imagesPerSecond: null, trainMs: 0 };

async function trained(database: Database, run: Run): Promise<void> {
  for (const group of trainedTogether(run)) await trainHeads(contextOver(database), run, group, never, () => {});
}

const kinds = (images: readonly ImageRecord[]): Run[] => [
  { ...base, images, members: [member('one', 'frozen')], combine: null },
  { ...base, images, members: [member('one', 'finetuned')], combine: null },
  { ...base, images, members: [member('one', 'finetuned'), member('two', 'frozen')], combine: 'mean' },
  { ...base, images, members: [member('one', 'finetuned'), member('two', 'finetuned')], combine: 'concat' },
  { ...base, images, members: [member('one', 'finetuned'), member('two', 'finetuned')], combine: 'shared' },
];

test('every kind of run is ranked by class and cover, and shares all but the order with the plain run', async () => {
  const { database, images } = await makeData();
  const context = contextOver(database);
  for (const plain of kinds(images)) {
    await trained(database, plain);
    const before = await evaluateTest(context, plain, settings, null, never);
    for (const rank of ['class', 'cover'] as const) {
      const run: Run = { ...plain, rank };
      const classes = (await runClasses(context, run, 'auto')) ?? expect.fail('no classes');
      expect(classes.settings).toEqual({ scales: classes.calibration.scales, floor: null });
      // 20 images a class: 4 in the validation gallery, 2 in the query.
      expect(classes.images).toBe(6 * CLASSES);
      const { test } = await evaluateTest(context, run, settings, classes, never);
      const validation = await evaluateValidation(context, run, [1, 5], classes, never);
      expect(await modelId(run)).toBe(await modelId(plain));

      // By the formulas, from what is stored.
      const [gallery, queries] = [
        await runEmbeddings(context, run, 'gallery'),
        await runEmbeddings(context, run, 'query'),
      ];
      const [ofGallery, ofQueries] = [
        await classCosines(context, run, 'gallery'),
        await classCosines(context, run, 'query'),
      ];
      expect(ofGallery.dimensions).toBe(run.members.length * CLASSES);
      const by = {
        ranking: rankingNamed(rank),
        classes: CLASSES,
        queries: classPosteriors(ofQueries.matrix, CLASSES, classes.settings),
        gallery: classPosteriors(ofGallery.matrix, CLASSES, classes.settings),
        kernel: plainClasses,
      };
      const source = similaritySource(gallery.matrix, queries.matrix, gallery.dimensions);
      expect(test?.neighbours).toEqual(finish(rankWhole(source, by, 32)).result);
      expect(test?.neighbours.rows).not.toEqual(before.test?.neighbours.rows);
      // What the classes say of the queries is mostly right.
      const right = images
        .filter(({ split }) => split === 'query')
        .filter(({ className }, i) => {
          const row = [...by.queries.subarray(i * CLASSES, (i + 1) * CLASSES)];
          return `class ${row.indexOf(Math.max(...row))}` === className;
        });
      expect(right.length).toBeGreaterThan(12);
      expect(validation?.scores?.queries).toBe(8);

      const result = runResult(
        run,
        { test, index: 'exact', indexBuildMs: 0, queryMsP50: 0 },
        validation,
        [],
        classes,
        noTiming,
      );
      expect(result).toMatchObject({ rank, posterior: { ...classes.calibration, images: 24, open: false } });
      const ranked = await rankQueries(context, run, 32, { index: 'exact', open: 'auto' }, never);
      expect(ranked).toEqual(test?.neighbours);
    }
  }
});

test('class cosines are stored under the model’s name, read from there, and made again with other labels', async () => {
  const { database, images } = await makeData();
  const context = contextOver(database);
  const run: Run = { ...base, images, rank: 'class', members: [member('one', 'frozen')], combine: null };
  const made = await classCosines(context, run, 'query');
  const key = { datasetId: 'd', modelId: `${await modelId(run)}/classes`, split: 'query' } as const;
  const header = await database.read((connection) => connection.get('embeddings', ['d', key.modelId, 'query']));
  expect(header).toMatchObject({ dimensions: CLASSES, rows: 20 });
  const marked = { matrix: made.matrix.slice().fill(0.5), dimensions: CLASSES };
  await putEmbeddings(database, key, header?.digest ?? '', marked);
  expect(await classCosines(context, run, 'query')).toEqual(marked);
  const other = images.map((image, i) =>
    image.split === 'training' && i < 4 ? { ...image, className: 'class 0' } : image,
  );
  const again = await classCosines(context, { ...run, images: other }, 'query');
  expect(again.matrix).not.toEqual(marked.matrix);
  expect(again.matrix).not.toEqual(made.matrix);
  expect(await getEmbeddings(database, key, header?.digest ?? '')).toBeNull();
});

test('what a run says of the classes of one image is what it says of it among others', async () => {
  const { database, images } = await makeData();
  const context = contextOver(database);
  for (const run of kinds(images)) {
    await trained(database, run);
    const { matrix, dimensions } = await classCosines(context, run, 'query');
    const known = await imageClasses(context, run);
    expect(known.names).toEqual(Array.from({ length: CLASSES }, (_, i) => `class ${i}`));
    const features = new Map<string, Float32Array<ArrayBuffer>>();
    for (const { featuresKey, dimensions: d } of run.members) {
      features.set(featuresKey, (await getFeatures(database, featuresKey, ['query-3'], d)).matrix);
    }
    const asked = await known.cosines(features);
    expect(asked).toHaveLength(dimensions);
    for (const [i, cosine] of asked.entries()) {
      expect(cosine).toBeCloseTo(matrix[3 * dimensions + i] ?? Number.NaN, 5);
    }
    // The features may be asked for again.
    expect(await known.cosines(features)).toEqual(asked);
  }
});

test('images that another gallery answers, with their embeddings, are ranked as this one ranks its own', async () => {
  const { database, images } = await makeData();
  const context = contextOver(database);
  for (const run of kinds(images)) {
    await trained(database, run);
    const known = await imageClasses(context, run);
    const { matrix, dimensions } = await runEmbeddings(context, run, 'gallery');
    if (run.members.length > 1) {
      await expect(known.cosinesOfEmbeddings(matrix)).rejects.toMatchObject({ code: 'bad-argument' });
      continue;
    }
    const classes = (await runClasses(context, { ...run, rank: 'class' }, 'auto')) ?? expect.fail('no classes');
    const key = await galleryKey(context, run);
    const ofGallery = await galleryClasses(context, run, classes);
    await openForQueries(context, key, runBlocks(context, run, 'gallery'), ofGallery);
    const query = (await runEmbeddings(context, run, 'query')).matrix.slice(0, dimensions);
    const cosines = (await classCosines(context, run, 'query')).matrix.slice(0, CLASSES);
    const found = Array.from({ length: matrix.length / dimensions }, (_, row) => {
      const vector = matrix.slice(row * dimensions, (row + 1) * dimensions);
      return { row, vector, similarity: dot(query, vector) };
    });
    for (const ranking of ['class', 'cover'] as const) {
      const by = () => ({ ranking, cosines: cosines.slice() });
      const own = await searchGallery(context, key, query.slice(), found.length, 'exact', by());
      const { settings } = classes;
      const order = { by: by(), settings, cosinesOfEmbeddings: known.cosinesOfEmbeddings };
      const elsewhere = await orderElsewhere(context, found, order);
      expect(elsewhere.map(({ row }) => row)).toEqual(own.hits.map(({ row }) => row));
      expect(elsewhere.map(({ row }) => row)).not.toEqual(
        found.toSorted((a, b) => b.similarity - a.similarity).map(({ row }) => row),
      );
    }
    expect(await orderElsewhere(context, [], { by: { ranking: 'cover', cosines }, ...classes, ...known })).toEqual([]);
  }
  await context.search.dropGalleriesBut();
});

test('rankings are tried on the validation images alone, and the gallery that answers stays where it is', async () => {
  const { database, images } = await makeData();
  const context = contextOver(database);
  const run: Run = { ...base, images, members: [member('one', 'finetuned')], combine: null };
  await trained(database, run);
  const key = await galleryKey(context, run);
  await openForQueries(context, key, runBlocks(context, run, 'gallery'));
  const trial = (await tryRankings(context, run, never)) ?? expect.fail('nothing to validate');
  expect(context.search.holds(key)).toBe(true);
  expect(trial.queries).toBe(8);
  for (const rank of ['plain', 'class', 'cover'] as const) {
    const ranked: Run = { ...run, rank };
    const classes = await runClasses(context, ranked, 'auto');
    const judged = await evaluateValidation(context, ranked, [1, 5, 10], classes, never);
    expect(trial.scores.get(rank)).toEqual(judged?.scores);
  }
  const unlabelled = images.map((image) => (image.split === 'training' ? image : { ...image, className: null }));
  expect((await tryRankings(context, { ...run, images: unlabelled }, never))?.scores).toEqual(trial.scores);
});

test('a gallery with a class that training has not is open, unless the user says otherwise', async () => {
  const { database, images } = await makeData();
  const context = contextOver(database);
  const closed: Run = { ...base, images, rank: 'cover', members: [member('one', 'frozen')], combine: null };
  const strangers = images.map((image, i) =>
    image.split === 'gallery' && i % 5 === 0 ? { ...image, className: 'new' } : image,
  );
  const open: Run = { ...closed, images: strangers };
  const unlabelled: Run = {
    ...closed,
    images: images.map((image) => (image.split === 'training' ? image : { ...image, className: null })),
  };
  const floorOf = async (run: Run, choice: 'auto' | 'on' | 'off') =>
    (await runClasses(context, run, choice))?.settings.floor;
  expect(await floorOf(closed, 'auto')).toBeNull();
  expect(await floorOf(unlabelled, 'auto')).toBeNull();
  expect(await floorOf(open, 'off')).toBeNull();
  const floor = await floorOf(open, 'auto');
  expect(floor).toBeGreaterThan(-1);
  expect(await floorOf(closed, 'on')).toBe(floor);
  // Both are searched in the same gallery, handed over once: what is known of its classes is handed over again.
  const orderOf = async (choice: 'on' | 'off') =>
    (await evaluateTest(context, closed, settings, await runClasses(context, closed, choice), never)).test?.neighbours
      .rows;
  const first = await orderOf('off');
  expect(await orderOf('on')).not.toEqual(first);
  expect(await orderOf('off')).toEqual(first);
  await context.search.dropGalleriesBut();
});

test('heads of earlier versions, without their classifier, serve the plain ranking and are trained again for others', async () => {
  const { database, images } = await makeData();
  const context = contextOver(database);
  const plain: Run = { ...base, images, members: [member('one', 'finetuned')], combine: null };
  const run: Run = { ...plain, rank: 'class' };
  const whole = await trainHeads(context, plain, plain.members, never, () => {});
  const without = (heads: TrainingResult['heads'], turned = 1) =>
    heads.map(({ classifier: _, projection, ...head }) => ({
      ...head,
      projection: projection.map((value) => turned * value),
    }));
  const key = await database.read((connection) => connection.getAllKeys('heads'));
  const [, headsKey] = key[0] ?? expect.fail('no head');
  const older = (turned: number) => ({
    ...whole,
    heads: without(whole.heads, turned),
    fitHeads: without(whole.fitHeads),
  });

  await putHeads(database, 'd', headsKey, older(1));
  expect((await trainHeads(context, plain, plain.members, never, () => {})).heads[0]).not.toHaveProperty('classifier');
  await expect(storedHeads(context, run, run.members)).rejects.toThrow(/without|kept no classifier/);
  const kept = await runEmbeddings(context, plain, 'query');
  const again = await trainHeads(context, run, run.members, never, () => {});
  expect(again.heads).toEqual(whole.heads);
  // The same head again: embeddings by it stay.
  expect(await database.read((connection) => connection.count('embeddings'))).toBe(1);
  expect(await storedHeads(context, run, run.members)).toEqual(again);

  await putHeads(database, 'd', headsKey, older(-1));
  await trainHeads(context, run, run.members, never, () => {});
  expect(await database.read((connection) => connection.count('embeddings'))).toBe(0);
  expect(await runEmbeddings(context, plain, 'query')).toEqual(kept);
});

test('a head that went through a file ranks by class like the one that was trained here, elsewhere too', async () => {
  const catalogue = contextOver(freshDatabase()).weights;
  const descriptor = catalogue.find('colour-gradient') ?? expect.fail('no descriptor');
  const { featuresKey } = catalogue.usable(descriptor) ?? expect.fail('no features');
  const { database, images } = await makeData(undefined, 1.5, { [featuresKey]: descriptor.features });
  const context = contextOver(database);
  const members = [{ weightsId: 'colour-gradient', head: 'finetuned' as const }];
  const choice: RunChoice = { members, combine: null, recipe, loaded: null, rank: 'class' };
  const run = (await runOf(context, choice, { datasetId: 'd', images })) ?? expect.fail('no run');
  expect(run.images).toHaveLength(images.length);
  await trained(database, run);
  const classes = (await runClasses(context, run, 'on')) ?? expect.fail('no classes');
  // Neither is the usual one: a file that forgets them is found out.
  expect(classes.calibration.scales).not.toEqual([12]);
  const ranked = await evaluateTest(context, run, settings, classes, never);

  const opened = await openedHead(context, await savedHead(context, run), never);
  expect(opened.saved.calibration).toEqual(classes.calibration);
  // In a data set without the training images on which it was fitted, but for one a class.
  const few = images.filter(({ split, path }) => split !== 'training' || Number(path.split('-')[1]) < CLASSES);
  const loaded =
    (await runOf(context, { ...opened.choice, rank: 'class' }, { datasetId: 'd', images: few })) ??
    expect.fail('no run');
  await keepHead(context, 'd', opened);
  const itsClasses = (await runClasses(context, loaded, 'on')) ?? expect.fail('no classes');
  expect(itsClasses).toMatchObject({ settings: classes.settings, calibration: classes.calibration, images: 0 });
  const again = await evaluateTest(context, loaded, settings, itsClasses, never);
  expect(again.test?.neighbours).toEqual(ranked.test?.neighbours);
  // From there it can be saved once more.
  const twice = await openedHead(context, await savedHead(context, loaded), never);
  expect(twice.saved.calibration).toEqual(classes.calibration);
});

test('without classes to tell apart, a ranking by class is refused with what to do', async () => {
  const { database, images } = await makeData();
  const members = [member('one', 'frozen')];
  const none = images.filter(({ split }) => split !== 'training');
  const run: Run = { ...base, images: none, rank: 'class', members, combine: null };
  await expect(classCosines(contextOver(database), run, 'query')).rejects.toThrow(/The plain ranking works without/);
});
