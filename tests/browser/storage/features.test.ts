import { expect, test } from 'vitest';
import {
  countFeatures,
  deleteFeatures,
  getFeatures,
  listFeaturesKeys,
  putFeatures,
} from '../../../src/storage/features.ts';
import { freshDatabase } from './fresh-database.ts';

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
