import * as v from 'valibot';
import { expect, test } from 'vitest';
import { deleteDataset } from '../../../src/storage/datasets.ts';
import { putEntry, startedEntries } from '../../../src/storage/journal.ts';
import { migrations, type StoredEntry } from '../../../src/storage/schema.ts';
import { getSetting, putSetting } from '../../../src/storage/settings.ts';
import { connectTo, freshDatabase, freshName } from './fresh-database.ts';

const entry = (begunAt: number, state: StoredEntry['state'] = 'begun'): StoredEntry => ({
  task: { kind: 'read', datasetId: 'd' },
  state,
  stage: 'Reading images',
  progress: { done: 8, total: 20, unit: 'images' },
  begunAt,
  changedAt: begunAt,
});

const names = async (database: ReturnType<typeof freshDatabase>, datasetId: string) =>
  (await startedEntries(database, datasetId)).map(({ key }) => key.task);

test('what was started and has not ended is found again, the oldest first, data set by data set', async () => {
  const database = freshDatabase();
  await putEntry(database, { datasetId: 'd', task: 'compare' }, entry(3));
  await putEntry(database, { datasetId: 'd', task: 'read' }, entry(1));
  await putEntry(database, { datasetId: 'd', task: 'embed' }, entry(2, 'cancelled'));
  await putEntry(database, { datasetId: 'dd', task: 'read' }, entry(2));
  await putEntry(database, { datasetId: '', task: 'download w' }, entry(4));
  expect(await names(database, 'd')).toEqual(['read', 'compare']);
  expect(await names(database, '')).toEqual(['download w']);
  // Started again, it is one entry still; ended, it is none.
  await putEntry(database, { datasetId: 'd', task: 'read' }, entry(5));
  expect(await names(database, 'd')).toEqual(['compare', 'read']);
  await putEntry(database, { datasetId: 'd', task: 'read' }, entry(5, 'finished'));
  expect(await names(database, 'd')).toEqual(['compare']);
});

test('a data set takes its entries along when it is deleted, and everything all of them', async () => {
  const database = freshDatabase();
  for (const datasetId of ['', 'd', 'e']) await putEntry(database, { datasetId, task: 'read' }, entry(1));
  await deleteDataset(database, 'd');
  expect(await names(database, 'd')).toEqual([]);
  expect(await names(database, 'e')).toEqual(['read']);
  await database.destroy();
  expect([...(await names(database, 'e')), ...(await names(database, ''))]).toEqual([]);
});

test('a database from before the journal keeps what it has, and has an empty journal', async () => {
  const name = freshName();
  const before = connectTo(name, { migrations: migrations.slice(0, 2) });
  await putSetting(before, 'theme', 'dark');
  before.close();
  const database = connectTo(name);
  expect(await names(database, 'd')).toEqual([]);
  expect(await getSetting(database, 'theme', v.string())).toBe('dark');
});
