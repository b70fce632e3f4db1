import { describe, expect, test, vi } from 'vitest';
import { listDropped } from '../../../src/data/dropped.ts';
import type { ListOptions } from '../../../src/data/listing.ts';
import { dropOf, entryOf, type Tree } from './drops.ts';

const pixel = new Blob(['x']);
const options = (): ListOptions => ({ signal: new AbortController().signal });

/** Lists while the event ends behind the caller's back, as it does in reality. */
function list(drop: ReturnType<typeof dropOf>, given = options()) {
  const listing = listDropped(drop.items, given);
  drop.end();
  return listing;
}

function manyFiles(count: number): Tree {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`IMG_${n}.jpg`, pixel]));
}

describe('a dropped folder', () => {
  test('is listed to its end, with its folders and without system files', async () => {
    const tree = { training: { a: { '1.jpg': pixel, '.DS_Store': pixel }, empty: {} }, __MACOSX: { '._1.jpg': pixel } };
    const listing = await list(dropOf([entryOf('set', tree)]));
    expect(listing.files.map(({ path }) => path)).toEqual(['set/training/a/1.jpg']);
    expect(listing.directories.sort()).toEqual(['set', 'set/training', 'set/training/a', 'set/training/empty']);
    expect(await (await listing.files[0]?.open())?.text()).toBe('x');
    expect(listing.handles).toEqual([]);
  });

  test('that cannot be read in part gives the rest and a problem', async () => {
    const locked = new DOMException('no', 'NotReadableError');
    const listing = await list(dropOf([entryOf('set', { a: { '1.jpg': pixel }, locked, b: { '2.jpg': pixel } })]));
    expect(listing.files.map(({ path }) => path).sort()).toEqual(['set/a/1.jpg', 'set/b/2.jpg']);
    expect(listing.problems).toMatchObject([{ kind: 'unreadable', severity: 'skipped', path: 'set/locked' }]);
  });

  test('that contains itself comes to an end', async () => {
    const circle = (): Tree => ({
      '1.jpg': pixel,
      again: new Proxy(
        {},
        {
          ownKeys: () => ['1.jpg', 'again'],
          getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
          get: (_, name) => circle()[String(name)],
        },
      ),
    });
    const listing = await list(dropOf([entryOf('set', circle)]));
    expect(listing.files.length).toBe(40);
    expect(listing.problems).toMatchObject([
      { kind: 'unreadable', reason: expect.stringContaining('40 folders deep') },
    ]);
  });

  test('can be cancelled', async () => {
    const controller = new AbortController();
    const listing = list(dropOf([entryOf('set', manyFiles(20_000))]), { signal: controller.signal });
    controller.abort();
    await expect(listing).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('several dropped things', () => {
  test('of one name stay apart; files without an entry are taken, too', async () => {
    const photo = new File(['y'], 'photo.jpg');
    const listing = await list(dropOf([entryOf('set', { '1.jpg': pixel }), entryOf('set', { '1.jpg': pixel }), photo]));
    expect(listing.files.map(({ path }) => path)).toEqual(['set/1.jpg', 'set (2)/1.jpg', 'photo.jpg']);
    expect(await (await listing.files[2]?.open())?.text()).toBe('y');
  });

  test('a broken archive beside a folder is a problem, alone an error', async () => {
    const broken = new File(['not a zip at all, but long enough to look at'], 'set.zip');
    const listing = await list(dropOf([broken, entryOf('a', { '1.jpg': pixel })]));
    expect(listing.files.map(({ path }) => path)).toEqual(['a/1.jpg']);
    expect(listing.problems).toMatchObject([{ kind: 'archive', path: 'set.zip' }]);
    await expect(list(dropOf([broken]))).rejects.toMatchObject({ code: 'archive-refused' });
  });
});

describe('handles for later', () => {
  test('are those of the dropped things, asked for inside the event', async () => {
    const root = await navigator.storage.getDirectory();
    const handle = await root.getDirectoryHandle('dropped-test', { create: true });
    const drop = dropOf([entryOf('dropped-test', { '1.jpg': pixel }), entryOf('x', {})], async (name) =>
      name === 'x' ? null : handle,
    );
    expect((await list(drop)).handles).toEqual([handle]);
    await root.removeEntry('dropped-test', { recursive: true });
  });

  test('are not asked for on a page that is no secure context: Chromium ends it for the question', async () => {
    vi.stubGlobal('isSecureContext', false);
    const asked = vi.fn(async () => null);
    const listing = await list(dropOf([entryOf('set', { '1.jpg': pixel })], asked));
    vi.unstubAllGlobals();
    expect(asked).not.toHaveBeenCalled();
    expect(listing.files).toHaveLength(1);
    expect(listing.handles).toEqual([]);
  });

  test('never make a drop fail', async () => {
    const drop = dropOf([entryOf('set', { '1.jpg': pixel })], () => {
      throw new DOMException('no', 'NotAllowedError');
    });
    const listing = await list(drop);
    expect(listing.files).toHaveLength(1);
    expect(listing.handles).toEqual([]);
  });
});

test('a file that is gone says so when it is opened', async () => {
  const entry = entryOf('1.jpg', pixel);
  const lost = Object.assign(entry, {
    file: (_: unknown, reject: (error: unknown) => void) => reject(new DOMException('gone', 'NotFoundError')),
  });
  const listing = await list(dropOf([lost]));
  await expect(listing.files[0]?.open()).rejects.toMatchObject({
    code: 'files-gone',
    message: expect.stringContaining('moved, renamed or deleted'),
  });
});
