import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, expect, inject, test } from 'vitest';
import { summarise } from '../../../src/data/derive-images.ts';
import { findProblems } from '../../../src/data/problems.ts';
import { drop, kinds } from './listed.ts';

const sharedDir = inject('sharedDir');
const title = (what: string) => (sharedDir ? what : `${what} (skipped: the folder of odd files is missing)`);

/** Every file and folder of the unpacked tree, folders with a slash at the end. */
function unpack(): { folder: string; paths: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'odd-tree-'));
  execFileSync('tar', ['-xf', join(sharedDir ?? '', 'datasets/odd/tree.tar'), '-C', folder]);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => {
    const path = join(entry.parentPath, entry.name).slice(folder.length + 1);
    return entry.isDirectory() ? `${path}/` : path;
  });
  return { folder, paths };
}

const tree = sharedDir ? unpack() : { folder: '', paths: [] };
afterAll(() => {
  if (tree.folder) rmSync(tree.folder, { recursive: true });
});

test.skipIf(!sharedDir)(title('the odd tree is taken apart as its manifest says'), () => {
  const { images, problems, folders } = drop(tree.paths);
  expect(kinds(problems)).toEqual([
    'empty-class tree/training/empty',
    'empty-class tree/training/only-text',
    'no-class tree/training',
    'not-an-image tree/test/gallery/b0.jpg.crdownload',
    'not-an-image tree/training/banana/notes.txt',
    'not-an-image tree/training/extensions/trailing.jpg.txt',
    'not-an-image tree/training/only-text/readme.txt',
  ]);
  expect(folders.map(({ path, role }) => `${path} ${role}`)).toEqual([
    'tree/test/gallery gallery',
    'tree/test/query query',
    'tree/training training',
  ]);
  const { classes, counts } = summarise(images);
  expect(counts).toEqual({ training: 53, query: 9, gallery: 15 });
  for (const name of ['__proto__', 'constructor', '0', '10', '2', '<b>bold<∕b>', 'nested', 'sub', 'only-broken']) {
    expect(classes).toContain(name);
  }
  const text = readFileSync(join(sharedDir ?? '', 'datasets/odd/manifest.json'), 'utf8');
  const manifest = v.parse(v.record(v.string(), v.object({ expect: v.string() })), JSON.parse(text));
  const found = new Set(images.map(({ path }) => path));
  for (const [path, { expect: expected }] of Object.entries(manifest)) {
    if (!path.startsWith('tree/')) continue;
    if (expected === 'decode') expect(found, path).toContain(path);
    if (expected === 'ignore') expect(found, path).not.toContain(path);
  }
});

test.skipIf(!sharedDir)(title('the odd tree’s copies, conflicts and leaks are found'), () => {
  const read = drop(tree.paths).images.map((image) => {
    const bytes = readFileSync(join(tree.folder, image.path));
    return { ...image, hash: createHash('sha256').update(bytes).digest('hex') };
  });
  const broken = read.filter(({ path }) => /only-broken|corrupt|zero/.test(path));
  const problems = findProblems(
    read.filter((image) => !broken.includes(image)),
    broken,
  );
  const of = (kind: string) => problems.filter((problem) => problem.kind === kind).map(({ path }) => path);
  expect(of('duplicate')).toEqual(['tree/training/banana/IMG_0001.jpg']);
  expect(of('conflicting-label')).toEqual([
    'tree/training/avocado/IMG_0007.jpg',
    'tree/training/banana/IMG_0001 (copy).jpg',
    'tree/training/banana/IMG_0001.jpg',
  ]);
  expect(of('leak')).toEqual(['tree/test/gallery/leak_from_training.jpg']);
  expect(of('empty-class')).toEqual(['tree/training/only-broken']);
  expect(of('single-image-class')).toContain('tree/training/single');
});
