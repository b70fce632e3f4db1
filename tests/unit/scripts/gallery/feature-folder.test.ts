import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkFeatures } from '../../../../scripts/gallery/check.ts';
import {
  imagesDigest,
  isWritten,
  openShard,
  readPart,
  shardOf,
  shardPath,
  writePart,
} from '../../../../scripts/gallery/feature-folder.ts';
import { modelDigest } from '../../../../src/heads/model-digest.ts';
import { emptyFolder, featuresOf, imagesNamed, MODEL, manifestOf, writeShard } from './written-features.ts';

const images = imagesNamed(40);

async function written(of = 3): Promise<string> {
  const folder = await emptyFolder();
  for (let shard = 0; shard < of; shard++) await writeShard(folder, images, shard, of);
  return folder;
}

const faultsOf = async (folder: string) => (await checkFeatures(folder)).flatMap(({ faults }) => faults);

test('every path falls to one shard, evenly', () => {
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 4000; i++) {
    const shard = shardOf(`photos/${i}.jpg`, 4);
    counts[shard] = (counts[shard] ?? 0) + 1;
  }
  for (const count of counts) expect(count).toBeGreaterThan(900);
  // Written down: another rule would divide a data set otherwise on half of the machines.
  expect(shardOf('photos/1.jpg', 16)).toBe(7);
});

test('a part is read as it was written', async () => {
  const folder = await emptyFolder();
  const path = await writeShard(folder, images, 0, 1);
  const shard = { path, manifest: manifestOf(images, 0, 1) };
  const part = await readPart(shard, 1);
  expect(part?.rows.map((row) => row.path)).toEqual(images.slice(4, 8).map((image) => image.path));
  expect(await part?.features(2, 3)).toEqual(featuresOf(images[6]?.path ?? ''));
  expect((await part?.thumbnails())?.map((bytes) => bytes.length)).toEqual([1, 2, 3, 4]);
  expect(await readPart(shard, 10)).toBeNull();
});

test('complete shards have no faults', async () => {
  expect(await checkFeatures(await written())).toEqual([
    { architecture: 'colour-gradient', rows: 40, failures: [], faults: [] },
  ]);
});

test('says which shard and which part are missing', async () => {
  const folder = await written();
  await rm(shardPath(folder, 'colour-gradient', 1, 3), { recursive: true });
  await rm(join(shardPath(folder, 'colour-gradient', 2, 3), 'part-00001'), { recursive: true });
  expect(await faultsOf(folder)).toEqual([
    expect.stringContaining('shard 2 of 3 lacks part 1'),
    'shard 1 of 3 is missing.',
  ]);
});

test('says what is there twice', async () => {
  const folder = await written(1);
  const shard = shardPath(folder, 'colour-gradient', 0, 1);
  const lines = (await readFile(join(shard, 'part-00001/rows.jsonl'), 'utf8')).split('\n');
  await writeFile(join(shard, 'part-00001/rows.jsonl'), [lines[0], lines[0], ...lines.slice(2)].join('\n'));
  expect(await faultsOf(folder)).toEqual([`shard 0 of 1 has ${images[4]?.path} twice.`]);
});

test('names both digests of two models', async () => {
  const folder = await emptyFolder();
  const other = { ...MODEL, features: 'colour-gradient@2/test' };
  await writeShard(folder, images, 0, 2);
  await writeShard(folder, images, 1, 2, { model: other });
  const [fault] = await faultsOf(folder);
  expect(fault).toContain(await modelDigest(MODEL.features, null));
  expect(fault).toContain(await modelDigest(other.features, null));
});

test('says where shards were made of different lists, or belong to different divisions', async () => {
  const folder = await written(2);
  const more = imagesNamed(44);
  await rm(shardPath(folder, 'colour-gradient', 1, 2), { recursive: true });
  await writeShard(folder, more, 1, 2);
  await writeShard(folder, images, 0, 3);
  const faults = await faultsOf(folder);
  expect(faults).toContainEqual(expect.stringContaining('made of another list of images (44; shard 0: 40)'));
  expect(faults).toContainEqual(expect.stringContaining('shard 0 of 3 belongs to another division'));
});

test.each([
  ['features cut off', 'features.npy', (file: Buffer) => file.subarray(0, -4), 'bytes'],
  ['a line that is no row', 'rows.jsonl', () => Buffer.from('{"path": 3}\n'), 'damaged'],
  ['a part that is no JSON', 'part.json', () => Buffer.from('{'), 'damaged'],
])('finds %s', async (_, name, change, reason) => {
  const folder = await written(1);
  const file = join(shardPath(folder, 'colour-gradient', 0, 1), 'part-00002', name);
  await writeFile(file, change(await readFile(file)));
  expect(await faultsOf(folder)).toEqual([expect.stringContaining(reason)]);
});

test('a part that was not finished is not there, and is swept away when the shard goes on', async () => {
  const folder = await emptyFolder();
  const path = await writeShard(folder, images, 0, 1);
  const manifest = manifestOf(images, 0, 1);
  await rename(join(path, 'part-00003'), join(path, 'part-00003.writing-1'));
  expect(await faultsOf(folder)).toEqual([
    expect.stringContaining('part-00003.writing-1'),
    expect.stringContaining('lacks part 3'),
  ]);
  const opened = await openShard(path, manifest);
  expect(await readdir(path)).not.toContain('part-00003.writing-1');
  expect(await isWritten(opened, 2, imagesDigest(images.slice(8, 12)))).toBe(true);
  expect(await isWritten(opened, 3, imagesDigest(images.slice(12, 16)))).toBe(false);
});

test('a write that fails leaves nothing behind', async () => {
  const folder = await emptyFolder();
  const manifest = manifestOf(images, 0, 1);
  const opened = await openShard(shardPath(folder, 'colour-gradient', 0, 1), manifest);
  const failing = { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('The page is gone.')) }) };
  const part = { version: 1 as const, part: 0, rows: 0, images: imagesDigest([]), failures: [] };
  await expect(writePart(opened, { part, rows: [], features: failing, thumbnails: failing })).rejects.toMatchObject({
    code: 'internal',
  });
  expect(await readdir(opened.path)).toEqual(['manifest.json']);
});

test('goes on with no shard of another model, other images or other settings', async () => {
  const folder = await emptyFolder();
  const path = await writeShard(folder, images, 0, 1);
  const manifest = manifestOf(images, 0, 1);
  const other = { ...manifest, model: { ...MODEL, features: 'other' } };
  await expect(openShard(path, other)).rejects.toThrow(await modelDigest(MODEL.features, null));
  await expect(openShard(path, { ...manifest, half: true })).rejects.toThrow('other images or settings');
  await expect(isWritten({ path, manifest }, 0, imagesDigest(images.slice(1, 5)))).rejects.toThrow('other images');
});

test('an empty folder holds nothing', async () => {
  const folder = await emptyFolder();
  await mkdir(join(folder, 'not-an-architecture'));
  expect(await checkFeatures(folder)).toEqual([]);
});
