import { expect, test } from 'vitest';
import {
  countFeatures,
  deleteFeatures,
  getFeatures,
  listFeaturesKeys,
  putFeatures,
  storedHashes,
} from '../../../src/storage/features.ts';
import { fakeHashes, freshDatabase, timed } from './fresh-database.ts';

test('comes back in the asked order, with repeats, and says what is missing', async () => {
  const database = freshDatabase();
  await putFeatures(database, 'k', [
    { hash: 'a', features: Float32Array.of(1, 2) },
    { hash: 'b', features: Float32Array.of(3, 4) },
  ]);
  await putFeatures(database, 'k2', [{ hash: 'c', features: Float32Array.of(9, 9) }]);
  const { matrix, missing } = await getFeatures(database, 'k', ['b', 'c', 'a', 'b', 'c'], 2);
  expect([...matrix]).toEqual([3, 4, 0, 0, 1, 2, 3, 4, 0, 0]);
  expect(missing).toEqual([1, 4]);
});

test('features of another length count as missing', async () => {
  const database = freshDatabase();
  await putFeatures(database, 'k', [{ hash: 'a', features: Float32Array.of(1, 2) }]);
  expect((await getFeatures(database, 'k', ['a'], 3)).missing).toEqual([0]);
});

test('a row that is a view stores its own values only', async () => {
  const database = freshDatabase();
  const batch = Float32Array.from({ length: 1024 }, (_, i) => i);
  await putFeatures(database, 'k', [{ hash: 'a', features: batch.subarray(4, 6) }]);
  const stored = await database.read((connection) => connection.get('features', ['k', 'a']));
  expect(stored?.buffer.byteLength).toBe(8);
  expect(stored).toEqual(Float32Array.of(4, 5));
});

test('keys are told apart, listed and deleted one by one', async () => {
  const database = freshDatabase();
  const row = { hash: 'a', features: Float32Array.of(1) };
  await putFeatures(database, 'k', [row, { ...row, hash: 'b' }]);
  await putFeatures(database, 'k/2', [row]);
  await putFeatures(database, 'l', [row]);
  expect(await listFeaturesKeys(database)).toEqual(['k', 'k/2', 'l']);
  expect(await countFeatures(database, 'k')).toBe(2);
  await deleteFeatures(database, 'k');
  expect(await listFeaturesKeys(database)).toEqual(['k/2', 'l']);
  expect(await countFeatures(database, 'k')).toBe(0);
});

// Other programs on the machine can only lengthen a task: a try that they disturbed is made again.
test('20,000 images of 2,048 features are written in batches and read without a long task', { retry: 2 }, async () => {
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
  expect(Math.max(writing.longestTask, keys.longestTask, reading.longestTask)).toBeLessThan(200);
});
