import { openDB } from 'idb';
import * as v from 'valibot';
import { expect, onTestFinished, test, vi } from 'vitest';
import { getFeatures, putFeatures, storedHashes } from '../../../src/storage/features.ts';
import { type Migration, migrations } from '../../../src/storage/schema.ts';
import { getSetting, putSetting } from '../../../src/storage/settings.ts';
import { connectTo, fakeHashes, freshDatabase, freshName } from './fresh-database.ts';

declare global {
  // Not in TypeScript's DOM yet.
  interface Navigator {
    readonly storageBuckets: {
      open(name: string, options: { quota: number }): Promise<{ readonly indexedDB: IDBFactory }>;
      delete(name: string): Promise<void>;
    };
  }
}

const nextVersion: readonly Migration[] = [
  ...migrations,
  (_connection, transaction) => {
    transaction.objectStore('settings').put('made by the migration', 'migrated');
  },
];

test('two tabs of one version see each other’s writes', async () => {
  const name = freshName();
  const [one, two] = [connectTo(name), connectTo(name)];
  await putSetting(one, 'theme', 'dark');
  expect(await getSetting(two, 'theme', v.string())).toBe('dark');
});

test('a setting that does not fit its schema counts as missing', async () => {
  const database = freshDatabase();
  await putSetting(database, 'k', 'ten');
  expect(await getSetting(database, 'k', v.number())).toBeNull();
  expect(await getSetting(database, 'never set', v.number())).toBeNull();
});

test('an upgrade keeps what is stored, takes the older tab’s connection, and the older tab then says so', async () => {
  const name = freshName();
  const older = connectTo(name);
  await putSetting(older, 'theme', 'dark');
  const newer = connectTo(name, { migrations: nextVersion });
  expect(await getSetting(newer, 'migrated', v.string())).toBe('made by the migration');
  expect(await getSetting(newer, 'theme', v.string())).toBe('dark');
  await expect(getSetting(older, 'theme', v.string())).rejects.toMatchObject({
    code: 'storage-version',
    message: expect.stringContaining('Reload'),
  });
});

test('an upgrade that another tab holds up says which tabs to close, and goes through once they are', async () => {
  const name = freshName();
  await putSetting(connectTo(name), 'theme', 'dark');
  // A tab that does not let go: no `blocking` handler.
  const stubborn = await openDB(name);
  const newer = connectTo(name, { migrations: nextVersion, patience: 100 });
  await expect(getSetting(newer, 'theme', v.string())).rejects.toMatchObject({
    code: 'storage-blocked',
    message: expect.stringContaining('Close the other tabs'),
  });
  stubborn.close();
  expect(await getSetting(newer, 'theme', v.string())).toBe('dark');
});

test('a database that the browser closed is opened again', async () => {
  const database = freshDatabase();
  await putSetting(database, 'theme', 'dark');
  await database.read(async (connection) => connection.close());
  await expect(getSetting(database, 'theme', v.string())).resolves.toBe('dark');
});

test('a write that fails half-way leaves nothing behind', async () => {
  const database = freshDatabase();
  const unstorable: unknown = () => {};
  const attempt = database.write(['settings'], async (transaction) => {
    await transaction.objectStore('settings').put('first', 'first');
    await transaction.objectStore('settings').put(unstorable, 'second');
  });
  await expect(attempt).rejects.toMatchObject({ name: 'AppError' });
  expect(await getSetting(database, 'first', v.string())).toBeNull();
});

test('a full disk is told as such; what was stored is still there, and what was not is read from memory', async () => {
  // A bucket of the browser's storage can be given a small quota of its own.
  const bucketName = freshName();
  const bucket = await navigator.storageBuckets.open(bucketName, { quota: 2_000_000 });
  vi.stubGlobal('indexedDB', bucket.indexedDB);
  onTestFinished(async () => {
    vi.unstubAllGlobals();
    await navigator.storageBuckets.delete(bucketName);
  });
  const onUnstored = vi.fn();
  const database = connectTo('full', { onUnstored });
  const [first = '', ...rest] = fakeHashes(65);
  // Random, so that no compression makes room.
  const noise = () => Float32Array.from(crypto.getRandomValues(new Uint32Array(16_384)));
  const rows = rest.map((hash) => ({ hash, features: noise() }));
  await putFeatures(database, 'k', [{ hash: first, features: new Float32Array(2048) }]);
  await putFeatures(database, 'k', rows);
  const refusal = { code: 'storage-full', message: expect.stringContaining('no room left') };
  expect(onUnstored).toHaveBeenCalledExactlyOnceWith(expect.objectContaining(refusal));
  expect(database.unstored.bytes).toBe(64 * 65_536);
  expect(await storedHashes(database, 'k')).toEqual(new Set([first, ...rows.map(({ hash }) => hash)]));
  const { matrix, missing } = await getFeatures(database, 'k', [rows[3]?.hash ?? ''], 16_384);
  expect([matrix, missing]).toEqual([rows[3]?.features, []]);
  await expect(database.unstored.retry()).rejects.toMatchObject(refusal);
  const onDisk = await database.read((connection) => connection.getAllKeys('features'));
  expect(onDisk).toEqual([['k', first]]);
  // The bucket is deleted next, which would break off a transaction that has not ended: a deletion waits for all of them.
  await database.destroy();
});
