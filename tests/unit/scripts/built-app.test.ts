import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { digestOf } from '../../../scripts/built-app.ts';

async function project(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'likeness-sources-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await mkdir(join(root, 'src/ui'), { recursive: true });
  await writeFile(join(root, 'src/main.ts'), 'main');
  await writeFile(join(root, 'src/ui/app.ts'), 'app');
  await writeFile(join(root, 'index.html'), 'page');
  return root;
}

const digest = (root: string) => digestOf(root, ['src', 'index.html', 'missing']);

test('a file whose time alone changed is no change', async () => {
  const root = await project();
  const before = digest(root);
  await utimes(join(root, 'index.html'), new Date(), new Date(Date.now() + 60_000));
  expect(digest(root)).toBe(before);
});

test.each<[string, (root: string) => Promise<void>]>([
  ['content of the same length and age', (root) => writeFile(join(root, 'src/main.ts'), 'mani')],
  ['a new file', (root) => writeFile(join(root, 'src/ui/other.ts'), '')],
  ['a file that is gone', (root) => rm(join(root, 'src/ui/app.ts'))],
  ['another name', (root) => rename(join(root, 'src/main.ts'), join(root, 'src/mien.ts'))],
])('%s is a change', async (_, change) => {
  const root = await project();
  const before = digest(root);
  await change(root);
  expect(digest(root)).not.toBe(before);
});
