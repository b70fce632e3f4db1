import { expect, test } from 'vitest';
import { getFiles, putFiles } from '../../../src/storage/datasets.ts';
import { getFeatures, putFeatures, storedHashes } from '../../../src/storage/features.ts';
import type { StoredFile } from '../../../src/storage/schema.ts';
import { leastOf } from '../../least-of.ts';
import { fakeHashes, freshDatabase, timed } from './fresh-database.ts';

/** Milliseconds of a task of the page that nobody notices. */
const MOST_MS = 200;

async function featuresThereAndBack(): Promise<number> {
  const database = freshDatabase();
  const hashes = fakeHashes(20_000);
  const features = (i: number) => new Float32Array(2048).fill(i);
  const writing = await timed(async () => {
    for (let start = 0; start < hashes.length; start += 64) {
      const rows = hashes.slice(start, start + 64).map((hash, i) => ({ hash, features: features(start + i) }));
      await putFeatures(database, 'k', rows);
    }
  });
  const keys = await timed(() => storedHashes(database, 'k'));
  const reading = await timed(() => getFeatures(database, 'k', hashes, 2048));
  console.info(
    `20,000 × 2,048 features: written in ${writing.ms} ms, keys read in ${keys.ms} ms, read in ${reading.ms} ms`,
  );
  expect(keys.result).toEqual(new Set(hashes));
  expect(reading.result.missing).toEqual([]);
  const rowsRight = hashes.every((_, i) => reading.result.matrix[i * 2048 + 1000] === i);
  expect(rowsRight).toBe(true);
  return Math.max(writing.longestTask, keys.longestTask, reading.longestTask);
}

test('20,000 images of 2,048 features are written in batches and read without a long task', async () => {
  expect(await leastOf(3, MOST_MS, featuresThereAndBack)).toBeLessThan(MOST_MS);
});

async function filesThereAndBack(): Promise<number> {
  const database = freshDatabase();
  const files = Array.from({ length: 10_001 }, (_, i) => fileNumber(i));
  const writing = await timed(() => putFiles(database, files));
  const reading = await timed(() => getFiles(database, 'a'));
  console.info(`10,001 files: written in ${writing.ms} ms, read in ${reading.ms} ms`);
  expect(reading.result).toEqual(files);
  return Math.max(writing.longestTask, reading.longestTask);
}

test('reads 10,001 files in order, across the batches in which they are read', async () => {
  expect(await leastOf(3, MOST_MS, filesThereAndBack)).toBeLessThan(MOST_MS);
});

const fileNumber = (i: number): StoredFile => ({
  datasetId: 'a',
  path: `${String(i).padStart(5, '0')}.jpg`,
  bytes: 10,
  outcome: { ok: true, hash: `h${i}`, width: 4, height: 3 },
});
