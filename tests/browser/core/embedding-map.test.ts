import { expect, onTestFinished, test } from 'vitest';
import { mapEmbeddings, mapSubject } from '../../../src/core/embedding-map.ts';
import { modelId, type Run, splitImages } from '../../../src/core/run.ts';
import { defaultRecipe } from '../../../src/heads/recipe.ts';
import { openDatabase } from '../../../src/storage/database.ts';
import { orderDigest, putEmbeddings } from '../../../src/storage/embeddings.ts';
import type { ImageRecord, Split } from '../../../src/types.ts';
import { contextOver } from './context.ts';

const SPLITS: readonly Split[] = ['training', 'query', 'gallery'];
const D = 3;

/** 40 training, 20 query and 30 gallery images of four classes, in the order of a data set. */
const images: ImageRecord[] = SPLITS.flatMap((split, s) =>
  Array.from({ length: [40, 20, 30][s] ?? 0 }, (_, i) => {
    const file = `${i}.jpg`;
    const [hash, className] = [`${split} ${i}`, `class ${i % 4}`];
    return { datasetId: 'd', path: `${split}/${file}`, split, file, className, bytes: 1, hash, width: 1, height: 1 };
  }),
);
const run: Run = {
  datasetId: 'd',
  members: [{ weightsId: 'w', architecture: 'resnet50', featuresKey: 'w', dimensions: D, head: 'frozen' }],
  combine: null,
  recipe: defaultRecipe('cosine'),
  loaded: null,
  rank: 'plain',
  images,
};

/** Each image's embedding tells which image it is. */
const vectorOf = (split: Split, row: number) => [SPLITS.indexOf(split), row, 1];

test('points are training, gallery, query, and every row is the image’s own', async () => {
  const name = `likeness-test-${crypto.randomUUID()}`;
  const database = openDatabase(name);
  onTestFinished(() => {
    database.close();
    indexedDB.deleteDatabase(name);
  });
  for (const split of SPLITS) {
    const hashes = splitImages(images, split).map(({ hash }) => hash);
    const matrix = Float32Array.from(hashes.flatMap((_, row) => vectorOf(split, row)));
    const key = { datasetId: 'd', modelId: await modelId(run), split };
    await putEmbeddings(database, key, await orderDigest(hashes), { matrix, dimensions: D });
  }
  const whole = await mapSubject(run, 0);
  expect(whole.images.map(({ split }) => split)).toEqual([
    ...new Array(40).fill('training'),
    ...new Array(30).fill('gallery'),
    ...new Array(20).fill('query'),
  ]);
  expect(whole.available).toBe(90);
  for (const subject of [whole, await mapSubject(run, 2, 25)]) {
    const { matrix, dimensions } = await mapEmbeddings(contextOver(database), run, subject);
    expect(dimensions).toBe(D);
    expect([...matrix]).toEqual(
      subject.images.flatMap(({ split, file }) => vectorOf(split, Number.parseInt(file, 10))),
    );
  }
});

test('of too many images there is a seeded sample, in proportion, and its map has a name of its own', async () => {
  const sample = await mapSubject(run, 0, 45);
  expect(sample.images).toHaveLength(45);
  expect(sample.available).toBe(90);
  for (const [split, expected] of [
    ['training', 20],
    ['gallery', 15],
    ['query', 10],
  ] as const) {
    const taken = sample.images.filter((image) => image.split === split).length;
    expect(Math.abs(taken - expected)).toBeLessThanOrEqual(4);
  }
  expect(await mapSubject(run, 0, 45)).toEqual(sample);
  const renamed = images.map((image) => ({ ...image, className: 'other' }));
  const whole = await mapSubject(run, 0);
  const keys = [
    sample.key,
    whole.key,
    (await mapSubject(run, 1)).key,
    (await mapSubject({ ...run, images: images.slice(1) }, 0)).key,
  ];
  expect(new Set(keys).size).toBe(keys.length);
  // Other classes move no point.
  const relabelled = await mapSubject({ ...run, images: renamed }, 0);
  expect(relabelled.key).toBe(whole.key);
  expect(relabelled.images[0]?.className).toBe('other');
});
