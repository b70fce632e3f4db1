import * as v from 'valibot';
import { expect, test, vi } from 'vitest';
import { listDatasets } from '../../../src/storage/datasets.ts';
import { getSetting, putSetting } from '../../../src/storage/settings.ts';
import { connectTo } from './fresh-database.ts';

const NAMES = Object.getOwnPropertyNames(globalThis).filter((name) => /^(indexedDB|IDB\w+)$/.test(name));

/** Runs `work` with another `indexedDB`, and puts everything back. */
async function withIndexedDb(value: unknown, work: () => Promise<void>): Promise<void> {
  const before = NAMES.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const);
  Object.defineProperty(globalThis, 'indexedDB', { value, configurable: true });
  try {
    await work();
  } finally {
    for (const [name, descriptor] of before) if (descriptor) Object.defineProperty(globalThis, name, descriptor);
  }
}

function refusing(name: string): Partial<IDBFactory> {
  return {
    open: () => {
      throw new DOMException('The operation is insecure.', name);
    },
  };
}

test.each([
  ['there is no IndexedDB at all', undefined],
  ['the browser refuses it', refusing('SecurityError')],
  ['the browser cannot open its files', refusing('UnknownError')],
])('%s: everything is kept in memory, and the reason is told', async (_what, value) => {
  const onMemory = vi.fn();
  await withIndexedDb(value, async () => {
    const database = connectTo(`memory-${crypto.randomUUID()}`, { onMemory });
    await putSetting(database, 'theme', 'dark');
    expect(await getSetting(database, 'theme', v.string())).toBe('dark');
    expect(await listDatasets(database)).toEqual([]);
    expect(database.inMemory).toBe(true);
    database.close();
  });
  expect(onMemory).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ name: 'AppError' }));
});
