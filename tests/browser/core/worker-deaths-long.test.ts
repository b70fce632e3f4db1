import { expect, onTestFinished, test } from 'vitest';
import { differencesOf } from '../../../src/core/analysis.ts';
import { evaluateTest } from '../../../src/core/evaluate-run.ts';
import { buildIndex, openGallery, restoreGallery, searchGallery } from '../../../src/core/gallery.ts';
import type { Run, RunMember } from '../../../src/core/run.ts';
import { wholeBlock } from '../../../src/core/run-blocks.ts';
import { trainHeads } from '../../../src/core/train-heads.ts';
import { defaultRecipe } from '../../../src/heads/recipe.ts';
import type { EpochReport } from '../../../src/heads/training.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { normaliseRows } from '../../../src/math/vectors.ts';
import { openDatabase } from '../../../src/storage/database.ts';
import { putFeatures } from '../../../src/storage/features.ts';
import type { ImageRecord, Split } from '../../../src/types.ts';
import { freshDatabase } from '../storage/fresh-database.ts';
import { seeWorkers } from '../workers/seen-workers.ts';
import { contextOver } from './context.ts';

const workers = seeWorkers();

const DIMENSIONS = 24;
const CLASSES = 4;
const never = new AbortController().signal;
// Slow steps take many epochs: a worker that is ended at one of the first has told no result.
const recipe = { ...defaultRecipe('cosine'), epochs: 200, batch: 16, learningRate: 1e-4 };

/** A run on synthetic features, in a database of its own: the same features every time. */
async function made(head: RunMember['head']) {
  const name = `likeness-test-${crypto.randomUUID()}`;
  const database = openDatabase(name);
  onTestFinished(() => {
    database.close();
    indexedDB.deleteDatabase(name);
  });
  const random = seededRandom(7);
  const centres = Float32Array.from({ length: CLASSES * DIMENSIONS }, () => random.gaussian());
  const images: ImageRecord[] = [];
  const rows: { hash: string; features: Float32Array<ArrayBuffer> }[] = [];
  const sizes: readonly (readonly [Split, number])[] = [
    ['training', 80],
    ['query', 20],
    ['gallery', 32],
  ];
  for (const [split, count] of sizes) {
    for (let i = 0; i < count; i++) {
      const hash = `${split}-${i}`;
      const label = i % CLASSES;
      const className = `class ${label}`;
      images.push({ datasetId: 'd', path: hash, split, file: hash, className, bytes: 1, hash, width: 8, height: 8 });
      const features = Float32Array.from(
        { length: DIMENSIONS },
        (_, d) => (centres[label * DIMENSIONS + d] ?? 0) + random.gaussian(),
      );
      rows.push({ hash, features });
    }
  }
  await putFeatures(database, 'one', rows);
  const member: RunMember = {
    weightsId: 'one',
    architecture: 'colour-gradient',
    featuresKey: 'one',
    dimensions: DIMENSIONS,
    head,
  };
  const run: Run = { datasetId: name, members: [member], combine: null, recipe, loaded: null, rank: 'plain', images };
  return { database, run };
}

test('a training whose worker dies goes on in a new one, to the very same head, and tells every epoch once', async () => {
  const calm = await made('finetuned');
  const whole = await trainHeads(contextOver(calm.database), calm.run, calm.run.members, never, () => {});
  expect(whole.history.length).toBeGreaterThan(150);
  const before = workers.made('training');
  const { database, run } = await made('finetuned');
  const told: EpochReport[] = [];
  const result = await trainHeads(contextOver(database), run, run.members, never, (report) => {
    told.push(report);
    if (told.length === 5) workers.kill('training');
  });
  expect(result.heads).toEqual(whole.heads);
  expect(told.map(({ phase, epoch }) => [phase, epoch])).toEqual(
    whole.history.map(({ phase, epoch }) => [phase, epoch]),
  );
  expect(workers.made('training')).toBe(before + 1);
});

test('a training whose worker dies again ends with a sentence', async () => {
  const { database, run } = await made('finetuned');
  // At its start: at an epoch, a worker that has told the others already may have told its result.
  workers.killAt('training', 'train', 2);
  const training = trainHeads(contextOver(database), run, run.members, never, () => {});
  await expect(training).rejects.toMatchObject({ code: 'worker-failed', message: expect.stringContaining('killed') });
});

test('an evaluation whose search worker dies is done once more, with the same figures', async () => {
  const settings = { ks: [1, 5], index: 'exact', efSearch: 64 } as const;
  const calm = await made('frozen');
  const undisturbed = await evaluateTest(contextOver(calm.database), calm.run, settings, null, never);
  expect(undisturbed.test?.scores?.queries).toBe(20);
  const { database, run } = await made('frozen');
  for (const method of ['open', 'fill', 'measure', 'search']) {
    const other = { ...run, datasetId: `${run.datasetId}-${method}` };
    workers.killAt('search', method);
    expect((await evaluateTest(contextOver(database), other, settings, null, never)).test).toEqual(undisturbed.test);
  }
});

test('a query is answered although the search worker died: the gallery is handed over again', async () => {
  const random = seededRandom(1);
  const matrix = normaliseRows(
    Float32Array.from({ length: 200 * DIMENSIONS }, () => random.gaussian()),
    DIMENSIONS,
  );
  let loads = 0;
  const context = contextOver(freshDatabase());
  const key = `gallery-${crypto.randomUUID()}`;
  const rows = wholeBlock(200, async () => {
    loads++;
    return { matrix: matrix.slice(), dimensions: DIMENSIONS };
  });
  await openGallery(context, key, rows);
  await buildIndex(context, key, 'hnsw', 64, never, () => {});
  const query = matrix.slice(0, DIMENSIONS);
  const { hits } = await searchGallery(context, key, query, 10, 'exact');
  expect((await searchGallery(context, key, query, 10, 'hnsw')).index).toBe('hnsw');
  workers.kill('search');
  await Promise.resolve();
  const answer = await searchGallery(context, key, query, 10, 'hnsw');
  // Its index went with the worker: exact search answers, and says so.
  expect(answer.index).toBe('exact');
  expect(answer.hits).toEqual(hits);
  expect(loads).toBe(2);
  expect(await restoreGallery(context, key, 'exact')).toBe(false);
  workers.killAt('search', 'search');
  expect((await searchGallery(context, key, query, 10, 'exact')).hits).toEqual(hits);
  expect(loads).toBe(3);
});

test('differences are computed once more where their worker dies', async () => {
  const values = (shift: number) => Float64Array.from({ length: 300 }, (_, i) => ((i * 7 + shift) % 10 > 4 ? 1 : 0));
  const undisturbed = await differencesOf(contextOver(freshDatabase()), values(0), [values(3)], 'mean', never);
  workers.killAt('analysis', 'differences');
  expect(await differencesOf(contextOver(freshDatabase()), values(0), [values(3)], 'mean', never)).toEqual(undisturbed);
});
