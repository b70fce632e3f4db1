import { deleteDB, openDB } from 'idb';
import * as v from 'valibot';
import { expect, test, vi } from 'vitest';
import { getSetting, putSetting } from '../../../src/storage/settings.ts';
import { connectTo, freshName } from './fresh-database.ts';

test('deleted by another tab: told at once, refused until said to start again, and nothing comes back by itself', async () => {
  const name = freshName();
  const onDeleted = vi.fn();
  const database = connectTo(name, { onDeleted });
  await putSetting(database, 'theme', 'dark');
  await deleteDB(name);
  expect(onDeleted).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'storage-deleted' }));
  await expect(putSetting(database, 'theme', 'light')).rejects.toMatchObject({ code: 'storage-deleted' });
  expect((await indexedDB.databases()).map((known) => known.name)).not.toContain(name);
  database.renew();
  expect(await getSetting(database, 'theme', v.string())).toBeNull();
  await putSetting(database, 'theme', 'light');
  expect(await getSetting(database, 'theme', v.string())).toBe('light');
});

test('cleared behind the back of this tab: noticed at the next use', async () => {
  const name = freshName();
  const onDeleted = vi.fn();
  const database = connectTo(name, { onDeleted });
  await putSetting(database, 'theme', 'dark');
  // As when the browser clears a site's data: the connection closes without a word.
  await database.read(async (connection) => connection.close());
  await deleteDB(name);
  await expect(getSetting(database, 'theme', v.string())).rejects.toMatchObject({ code: 'storage-deleted' });
  expect(onDeleted).toHaveBeenCalledOnce();
});

test('destroyed by this tab, the database is gone, and the next use makes an empty one', async () => {
  const name = freshName();
  const onDeleted = vi.fn();
  const database = connectTo(name, { onDeleted });
  await putSetting(database, 'theme', 'dark');
  await database.destroy();
  expect((await indexedDB.databases()).map((known) => known.name)).not.toContain(name);
  expect(await getSetting(database, 'theme', v.string())).toBeNull();
  expect(onDeleted).not.toHaveBeenCalled();
});

test('a tab that does not let go is told of, and the deletion goes through once it does', async () => {
  const name = freshName();
  const database = connectTo(name, { patience: 50 });
  await putSetting(database, 'theme', 'dark');
  const stubborn = await openDB(name);
  await expect(database.destroy()).rejects.toMatchObject({ code: 'storage-blocked' });
  stubborn.close();
  expect(await getSetting(database, 'theme', v.string())).toBeNull();
});
