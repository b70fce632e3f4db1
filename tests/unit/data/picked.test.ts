import { expect, test } from 'vitest';
import { createNaming } from '../../../src/data/listing.ts';
import { listFiles } from '../../../src/data/picked.ts';

const options = { signal: new AbortController().signal };

function picked(path: string, content = 'x'): File {
  const file = new File([content], path.split('/').at(-1) ?? '');
  return Object.defineProperty(file, 'webkitRelativePath', { value: path.includes('/') ? path : '' });
}

test('a folder picker’s files keep their relative paths', async () => {
  const files = ['s/a/1.jpg', 's/a/.DS_Store', 's/__MACOSX/a/1.jpg', 's/b/c/2.jpg', 's/3.txt'].map((path) =>
    picked(path),
  );
  const listing = await listFiles(files, options);
  expect(listing.files.map(({ path, bytes }) => [path, bytes])).toEqual([
    ['s/a/1.jpg', 1],
    ['s/b/c/2.jpg', 1],
    ['s/3.txt', 1],
  ]);
  expect(listing.directories.sort()).toEqual(['s', 's/a', 's/b', 's/b/c']);
  expect(await (await listing.files[0]?.open())?.text()).toBe('x');
});

test('loose files of one name stay apart', async () => {
  const listing = await listFiles([picked('1.jpg', 'first'), picked('1.jpg', 'second'), picked('Thumbs.db')], options);
  expect(listing.files.map(({ path }) => path)).toEqual(['1.jpg', '1 (2).jpg']);
  expect(await (await listing.files[1]?.open())?.text()).toBe('second');
});

test('names are given once, even where the numbered one is taken', () => {
  const nameFor = createNaming();
  expect(['a', 'a (2)', 'a', 'a', 'x.zip', 'x.zip', '.b', '.b'].map(nameFor)).toEqual([
    'a',
    'a (2)',
    'a (3)',
    'a (4)',
    'x.zip',
    'x (2).zip',
    '.b',
    '.b (2)',
  ]);
});
