import { expect, test } from 'vitest';
import type { Run } from '../../../src/core/run.ts';
import { modelId } from '../../../src/core/run.ts';
import { runBlocks } from '../../../src/core/run-blocks.ts';
import { runEmbeddings } from '../../../src/core/run-embeddings.ts';
import { defaultRecipe } from '../../../src/heads/recipe.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { normaliseRows } from '../../../src/math/vectors.ts';
import type { Database } from '../../../src/storage/database.ts';
import { ROWS_A_BLOCK } from '../../../src/storage/embeddings.ts';
import { deleteFeatures, putFeatures } from '../../../src/storage/features.ts';
import type { ImageRecord } from '../../../src/types.ts';
import { freshDatabase } from '../storage/fresh-database.ts';
import { contextOver } from './context.ts';

const D = 12;
const ROWS = ROWS_A_BLOCK + 150;

async function made(database: Database) {
  const random = seededRandom(3);
  const features = Float32Array.from({ length: ROWS * D }, random.gaussian);
  const hashes = Array.from({ length: ROWS }, (_, i) => `image ${i}`);
  const rows = hashes.map((hash, i) => ({ hash, features: features.slice(i * D, (i + 1) * D) }));
  await putFeatures(database, 'one', rows);
  const images = hashes.map((hash): ImageRecord => {
    const names = { datasetId: 'd', path: hash, file: hash, hash, className: 'a' };
    return { ...names, split: 'gallery', bytes: 1, width: 8, height: 8 };
  });
  const member = { weightsId: 'one', architecture: 'colour-gradient', featuresKey: 'one', dimensions: D } as const;
  const members = [{ ...member, head: 'frozen' as const }];
  const run: Run = {
    datasetId: 'd',
    members,
    combine: null,
    recipe: defaultRecipe('cosine'),
    loaded: null,
    rank: 'plain',
    images,
  };
  return { run, whole: normaliseRows(features, D) };
}

async function taken(database: Database, run: Run): Promise<{ lengths: number[]; matrix: Float32Array }> {
  const { rows, blocks } = runBlocks(contextOver(database), run, 'gallery');
  const matrix = new Float32Array(rows * D);
  const lengths: number[] = [];
  let at = 0;
  for await (const block of blocks()) {
    expect(block.dimensions).toBe(D);
    matrix.set(block.matrix, at);
    at += block.matrix.length;
    lengths.push(block.matrix.length / D);
    // The taker may move it away.
    structuredClone(block.matrix, { transfer: [block.matrix.buffer] });
  }
  return { lengths, matrix };
}

test('the rows come in blocks, made and stored the first time, read the next', async () => {
  const database = freshDatabase();
  const { run, whole } = await made(database);
  const first = await taken(database, run);
  expect(first).toEqual({ lengths: [ROWS_A_BLOCK, 150], matrix: whole });
  // Nothing is left to make them of.
  await deleteFeatures(database, 'one');
  expect(await taken(database, run)).toEqual(first);
  expect((await runEmbeddings(contextOver(database), run, 'gallery')).matrix).toEqual(whole);
});

test('what was stopped in the middle is started again, and a damaged block is made again', async () => {
  const database = freshDatabase();
  const { run, whole } = await made(database);
  for await (const _ of runBlocks(contextOver(database), run, 'gallery').blocks()) break;
  expect((await taken(database, run)).matrix).toEqual(whole);
  const id = await modelId(run);
  await database.write(['embeddingRows'], (transaction) =>
    transaction.objectStore('embeddingRows').put(new Float32Array(5), ['d', id, 'gallery', 1]),
  );
  expect((await taken(database, run)).matrix).toEqual(whole);
});
