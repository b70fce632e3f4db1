import { describe, expect, test } from 'vitest';
import { listZip } from '../../../src/data/zip.ts';
import { storedZip } from './stored-zip.ts';
import { zipOf } from './zips.ts';

const options = { signal: new AbortController().signal };

const paths = (listing: Awaited<ReturnType<typeof listZip>>) => listing.files.map(({ path }) => path);

/** Replaces all occurrences of a name's bytes by another of the same length: what no writer would write. */
async function rename(archive: Blob, from: string, to: string): Promise<Blob> {
  expect(to).toHaveLength(from.length);
  const bytes = new Uint8Array(await archive.arrayBuffer());
  const encode = (text: string) => new TextEncoder().encode(text);
  const wanted = encode(from);
  for (let at = 0; at + wanted.length <= bytes.length; at++) {
    if (wanted.every((byte, n) => bytes[at + n] === byte)) bytes.set(encode(to), at);
  }
  return new Blob([bytes]);
}

describe('a good archive', () => {
  test('with one top folder is that folder', async () => {
    const archive = await zipOf([
      ['set/', null],
      ['set/training/été 🥝/1.jpg'],
      ['set/training/empty/', null],
      ['__MACOSX/set/._1.jpg'],
      ['set/.DS_Store'],
    ]);
    const listing = await listZip(archive, 'other.zip', options);
    expect(paths(listing)).toEqual(['set/training/été 🥝/1.jpg']);
    expect(listing.directories).toEqual(['set', 'set/training/empty']);
    expect(listing.problems).toEqual([]);
    expect(listing.files[0]?.bytes).toBe(new Blob(['set/training/été 🥝/1.jpg']).size);
    for (let time = 0; time < 2; time++)
      expect(await (await listing.files[0]?.open())?.text()).toBe('set/training/été 🥝/1.jpg');
  });

  test('with several top folders is a folder of its own name', async () => {
    const archive = await zipOf([['training/a/1.jpg'], ['test/query/q.jpg'], ['README.md']]);
    expect(paths(await listZip(archive, 'My set.zip', options))).toEqual([
      'My set/training/a/1.jpg',
      'My set/test/query/q.jpg',
      'My set/README.md',
    ]);
  });

  test('is unpacked whole, stored or deflated, many at a time', async () => {
    const noise = crypto.getRandomValues(new Uint8Array(60_000));
    const archive = await zipOf(
      Array.from(
        { length: 40 },
        (_, n) => [`a/${n}.jpg`, new Blob([noise, String(n)]), { level: n % 2 ? 6 : 0 }] as const,
      ),
    );
    const listing = await listZip(archive, 'a.zip', options);
    const blobs = await Promise.all(listing.files.map((file) => file.open()));
    for (const [n, blob] of blobs.entries()) {
      const bytes = new Uint8Array(await blob.arrayBuffer());
      expect(bytes.subarray(0, 60_000).every((byte, at) => byte === noise[at])).toBe(true);
      expect(new TextDecoder().decode(bytes.subarray(60_000))).toBe(String(n));
    }
  });
});

describe('a hostile archive', () => {
  test('cannot name paths outside itself', async () => {
    let archive = await zipOf([
      ['good/1.jpg'],
      ['AA/evil.jpg'],
      ['BB/sub/../../evil.jpg'],
      ['CCetc/x.jpg'],
      ['DD/win.jpg'],
      ['EE\\x.jpg'],
      ['good/%2e%2e%2f.jpg'],
    ]);
    for (const [from, to] of [
      ['AA/evil', '../evil'],
      ['CCetc', '//etc'],
      ['DD/win', 'D:/win'],
    ] as const)
      archive = await rename(archive, from, to);
    const listing = await listZip(archive, 'a.zip', options);
    expect(paths(listing)).toEqual(['good/1.jpg', 'good/%2e%2e%2f.jpg']);
    expect(listing.problems.map(({ kind, severity, path }) => [kind, severity, path])).toEqual(
      ['../evil.jpg', 'BB/sub/../../evil.jpg', '//etc/x.jpg', 'D:/win.jpg', 'EE\\x.jpg'].map((name) => [
        'archive',
        'skipped',
        `a.zip/${name}`,
      ]),
    );
  });

  test('cannot fill the memory: bombs are left out by size and by ratio', async () => {
    const archive = await zipOf([
      ['a/1.jpg'],
      ['a/huge.bmp', new Blob([new Uint8Array(201e6)])],
      ['a/bomb.bmp', new Blob([new Uint8Array(40e6)])],
      ['a/plain.bmp', new Blob([new Uint8Array(5e6)])],
    ]);
    expect(archive.size).toBeLessThan(1e6);
    const listing = await listZip(archive, 'a.zip', options);
    expect(paths(listing)).toEqual(['a/1.jpg', 'a/plain.bmp']);
    expect(listing.problems.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('larger than 200 MB'),
      expect.stringContaining('grows far more'),
    ]);
  });

  test('cannot lie about a size to get past that', async () => {
    const archive = await zipOf([['a/1.jpg'], ['a/liar.bmp', new Blob([new Uint8Array(40e6)])]]);
    const bytes = new DataView(await archive.arrayBuffer());
    for (let at = 0; at + 4 <= bytes.byteLength; at++) {
      if (bytes.getUint32(at, true) === 40e6) bytes.setUint32(at, 1000, true);
    }
    const listing = await listZip(new Blob([bytes.buffer]), 'a.zip', options);
    const liar = listing.files.find(({ path }) => path === 'a/liar.bmp');
    expect(liar?.bytes).toBe(1000);
    await expect(liar?.open()).rejects.toMatchObject({
      code: 'archive-refused',
      message: expect.stringContaining('liar.bmp'),
    });
    expect(await (await listing.files[0]?.open())?.text()).toBe('a/1.jpg');
  });

  test('cannot use one part of the file for many entries', async () => {
    const archive = await zipOf([['a/1.jpg', crypto.getRandomValues(new Uint8Array(5000)).join(), { level: 0 }]]);
    const bytes = new Uint8Array(await archive.arrayBuffer());
    const view = new DataView(bytes.buffer);
    const end = bytes.length - 22;
    const directory = bytes.slice(view.getUint32(end + 16, true), end);
    const copies = [1, 2, 3].map((n) => {
      const copy = directory.slice();
      copy.set(new TextEncoder().encode(`a/${n}.jpg`), 46);
      return copy;
    });
    const footer = bytes.slice(end);
    const footerView = new DataView(footer.buffer);
    footerView.setUint16(8, 3, true);
    footerView.setUint16(10, 3, true);
    footerView.setUint32(12, 3 * directory.length, true);
    const forged = new Blob([bytes.subarray(0, end - directory.length), ...copies, footer]);
    await expect(listZip(forged, 'a.zip', options)).rejects.toMatchObject({
      code: 'archive-refused',
      message: expect.stringContaining('overlap'),
    });
  });

  test('names each entry once', async () => {
    const archive = await rename(
      await zipOf([
        ['a/1.jpg', 'first'],
        ['a/2.jpg', 'second'],
      ]),
      'a/2.jpg',
      'a/1.jpg',
    );
    const listing = await listZip(archive, 'a.zip', options);
    expect(paths(listing)).toEqual(['a/1.jpg']);
    expect(listing.problems).toMatchObject([{ kind: 'archive', reason: expect.stringContaining('twice') }]);
    expect(await (await listing.files[0]?.open())?.text()).toBe('first');
  });

  test('holds no links', async () => {
    const archive = await zipOf([
      ['a/1.jpg'],
      ['a/link.jpg', '/etc/passwd', { unixMode: 0o120777, msDosCompatible: false }],
    ]);
    const listing = await listZip(archive, 'a.zip', options);
    expect(paths(listing)).toEqual(['a/1.jpg']);
    expect(listing.problems).toMatchObject([{ reason: expect.stringContaining('is a link') }]);
  });
});

describe('an archive of very many entries', () => {
  const names = (count: number) => Array.from({ length: count }, (_, n) => `set/gallery/${n % 100}/${n}.jpg`);

  test('of 100,000 is listed, and can be cancelled', async () => {
    const archive = storedZip(names(100_000));
    const counts: number[] = [];
    const listing = await listZip(archive, 'a.zip', { ...options, onCount: (files) => counts.push(files) });
    expect([listing.files.length, listing.problems.length]).toEqual([100_000, 0]);
    expect(listing.files[99_999]?.path).toBe('set/gallery/99/99999.jpg');
    expect(counts.length).toBeGreaterThan(1);
    const controller = new AbortController();
    const cancelled = listZip(archive, 'a.zip', { signal: controller.signal, onCount: () => controller.abort() });
    await expect(cancelled).rejects.toMatchObject({ code: 'aborted' });
  });

  test('that it only declares are no entries', async () => {
    const forged = storedZip(names(3), { entries: 2 ** 40 });
    await expect(listZip(forged, 'a.zip', options)).rejects.toMatchObject({ code: 'archive-refused' });
  });

  test('with a directory larger than any is refused unread', async () => {
    const archive = storedZip(names(3), { padding: 129 * 2 ** 20 });
    const asked: number[] = [];
    const slice = archive.slice.bind(archive);
    archive.slice = (from = 0, to = archive.size, type = '') => {
      asked.push(to - from);
      return slice(from, to, type);
    };
    await expect(listZip(archive, 'a.zip', options)).rejects.toMatchObject({
      code: 'archive-refused',
      message: expect.stringContaining('has a directory that is far too long'),
    });
    expect(Math.max(...asked)).toBeLessThan(2 ** 21);
  });
});

describe('an archive with nothing to read', () => {
  const encrypted = { password: 'secret' } as const;

  test('entries with a password are left out; only such entries are an error', async () => {
    const listing = await listZip(await zipOf([['a/1.jpg'], ['a/2.jpg', 'x', encrypted]]), 'a.zip', options);
    expect(paths(listing)).toEqual(['a/1.jpg']);
    expect(listing.problems).toMatchObject([{ reason: expect.stringContaining('password') }]);
    const all = listZip(await zipOf([['a/2.jpg', 'x', encrypted]]), 'a.zip', options);
    await expect(all).rejects.toMatchObject({ code: 'archive-refused', message: expect.stringContaining('password') });
  });

  test.each<[string, () => Promise<Blob>]>([
    ['no bytes', async () => new Blob([])],
    ['no entries', () => zipOf([])],
    ['only folders', () => zipOf([['a/', null]])],
    ['some other file', async () => new Blob(['x'.repeat(5000)])],
    ['a page of HTML', async () => new Blob(['<!doctype html>'])],
    ['its end cut off', async () => (await zipOf([['a/1.jpg', 'x'.repeat(9999), { level: 0 }]])).slice(0, 5000)],
    ['its last bytes cut off', async () => (await zipOf([['a/1.jpg']])).slice(0, -5)],
    ['its start cut off', async () => (await zipOf([['a/1.jpg', 'x'.repeat(9999), { level: 0 }]])).slice(9000)],
  ])('%s is refused or its entries are', async (_, make) => {
    const attempt = (async () => {
      const listing = await listZip(await make(), 'a.zip', options);
      for (const file of listing.files) await file.open();
    })();
    await expect(attempt).rejects.toMatchObject({
      code: 'archive-refused',
      message: expect.stringMatching(/^“(a\.zip|1\.jpg)” .+\. .+\.$/),
    });
  });

  test('a damaged entry is an error when it is opened', async () => {
    const archive = await zipOf([['a/1.jpg', 'the contents', { level: 0 }]]);
    const listing = await listZip(await rename(archive, 'the contents', 'THE contents'), 'a.zip', options);
    await expect(listing.files[0]?.open()).rejects.toMatchObject({ code: 'archive-refused' });
  });
});
