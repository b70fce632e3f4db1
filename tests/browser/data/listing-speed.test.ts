import { expect, test } from 'vitest';
import { assemble } from '../../../src/data/assemble.ts';
import { summarise } from '../../../src/data/derive-images.ts';
import { listDropped } from '../../../src/data/dropped.ts';
import { findLabelFiles } from '../../../src/data/find-ground-truth.ts';
import type { ListOptions } from '../../../src/data/listing.ts';
import { findProblems } from '../../../src/data/problems.ts';
import { sift } from '../../../src/data/sift.ts';
import { listZip } from '../../../src/data/zip.ts';
import { dropOf, entryOf, type Tree } from './drops.ts';
import { longestBlock } from './frames.ts';
import { zipOf } from './zips.ts';

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

test('a folder of 20,000 files arrives complete, and the page stays responsive', async () => {
  let counts: number[] = [];
  let paths: string[] = [];
  let milliseconds = 0;
  const block = await longestBlock(async () => {
    const drop = dropOf([entryOf('set', manyFiles(20_000))]);
    counts = [];
    const start = performance.now();
    const listing = await list(drop, { ...options(), onCount: (count: number) => counts.push(count) });
    milliseconds = performance.now() - start;
    paths = listing.files.map(({ path }) => path);
  });
  console.info(`listed in ${Math.round(milliseconds)} ms, longest block ${Math.round(block)} ms`);
  expect(new Set(paths).size).toBe(20_000);
  expect(counts.at(-1)).toBe(20_000);
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
  expect(block).toBeLessThan(200);
});

test('a folder of 20,000 files becomes a data set within the time of a task that nobody notices', async () => {
  const files = Array.from({ length: 20_000 }, (_, n) => ({ path: `set/training/${n % 200}/${n}.jpg`, bytes: null }));
  const block = await longestBlock(async () => {
    const { images, emptyFolders } = sift(files, []);
    const assembled = assemble({ datasetId: 'd', files: images, emptyFolders, roles: new Map() });
    expect(summarise(assembled.images).counts.training).toBe(20_000);
  });
  const read = files.map(({ path }, n) => ({
    ...{ datasetId: 'd', path, split: 'training' as const, file: path, className: String(n % 200), bytes: 1 },
    ...{ hash: String(n % 10_000), width: 1, height: 1 },
  }));
  const search = await longestBlock(async () => {
    expect(findProblems(read)).toHaveLength(10_000);
  });
  // All beside where labels are looked for, too.
  const flat = files.map((_, n) => ({
    path: `set/${n}.jpg`,
    bytes: 1,
    open: () => Promise.reject(new Error('closed')),
  }));
  const look = await longestBlock(async () => {
    expect((await findLabelFiles(sift(flat, ['set']))).files).toEqual([]);
  });
  console.info(
    `assembled in ${Math.round(block)} ms, problems in ${Math.round(search)} ms, no labels in ${Math.round(look)} ms`,
  );
  expect(Math.max(block, search, look)).toBeLessThan(200);
});

test('an archive of 1,500 files is listed without holding the page up', async () => {
  const archive = await zipOf(Array.from({ length: 1500 }, (_, n) => [`a/${n}.jpg`, 'x', { level: 0 }] as const));
  const block = await longestBlock(async () => {
    expect((await listZip(archive, 'a.zip', options())).files).toHaveLength(1500);
  });
  console.info(`1,500 entries: longest block ${Math.round(block)} ms`);
  expect(block).toBeLessThan(200);
});
