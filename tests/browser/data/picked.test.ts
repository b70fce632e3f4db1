import { BlobReader, BlobWriter, ZipWriter } from '@zip.js/zip.js/lib/zip-core-custom.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listDropped } from '../../../src/data/dropped.ts';
import { listHandles } from '../../../src/data/picked.ts';
import { dropOf, entryOf, type Tree } from './drops.ts';

const FOLDER = 'handles-test';
const FILES = 260;
const options = { signal: new AbortController().signal };

async function write(parent: FileSystemDirectoryHandle, name: string, content: Tree | Blob | Error): Promise<void> {
  if (content instanceof Error) throw content;
  if (content instanceof Blob) {
    const stream = await (await parent.getFileHandle(name, { create: true })).createWritable();
    await stream.write(content);
    await stream.close();
    return;
  }
  const folder = await parent.getDirectoryHandle(name, { create: true });
  for (const [child, below] of Object.entries(content)) await write(folder, child, below);
}

async function zipOf(names: readonly string[]): Promise<Blob> {
  const writer = new ZipWriter(new BlobWriter('application/zip'), { useWebWorkers: false });
  for (const name of names) await writer.add(name, new BlobReader(new Blob([name])));
  return writer.close();
}

async function tree(): Promise<Tree> {
  const many = Object.fromEntries(Array.from({ length: FILES }, (_, n) => [`${n}.jpg`, new Blob([String(n)])]));
  return {
    set: { training: { many, 'é 🥝 #1 100%': { '1.jpg': new Blob(['x']) }, empty: {} }, '.DS_Store': new Blob(['x']) },
    'packed.zip': await zipOf(['query/q.jpg', 'gallery/g.jpg']),
  };
}

let handles: FileSystemHandle[] = [];
let content: Tree = {};

beforeAll(async () => {
  const root = await navigator.storage.getDirectory();
  content = await tree();
  await write(root, FOLDER, content);
  const folder = await root.getDirectoryHandle(FOLDER);
  handles = [await folder.getDirectoryHandle('set'), await folder.getFileHandle('packed.zip')];
});

afterAll(async () => {
  await (await navigator.storage.getDirectory()).removeEntry(FOLDER, { recursive: true });
});

test('a real folder of more than 100 files and an archive are listed whole', async () => {
  const listing = await listHandles(handles, options);
  expect(listing.files).toHaveLength(FILES + 3);
  expect(listing.directories).toContain('set/training/empty');
  const file = listing.files.find(({ path }) => path === 'set/training/many/259.jpg');
  expect(await (await file?.open())?.text()).toBe('259');
  const packed = listing.files.find(({ path }) => path === 'packed/query/q.jpg');
  expect(await (await packed?.open())?.text()).toBe('query/q.jpg');
});

test('the paths are those of the drop', async () => {
  const entries = Object.entries(content).map(([name, below]) => entryOf(name, below));
  const dropped = await listDropped(dropOf(entries).items, options);
  const again = await listHandles(handles, options);
  const paths = (listing: typeof again) => listing.files.map(({ path }) => path).sort();
  expect(paths(again)).toEqual(paths(dropped));
  expect(again.directories.sort()).toEqual(dropped.directories.sort());
});

test('a file that was deleted says so when it is opened', async () => {
  const root = await navigator.storage.getDirectory();
  const folder = await (await root.getDirectoryHandle(FOLDER)).getDirectoryHandle('later', { create: true });
  await write(folder, '1.jpg', new Blob(['x']));
  const listing = await listHandles([folder], options);
  await folder.removeEntry('1.jpg');
  await expect(listing.files[0]?.open()).rejects.toMatchObject({ code: 'files-gone' });
});
