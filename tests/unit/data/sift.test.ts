import { describe, expect, test } from 'vitest';
import type { ListedFile } from '../../../src/data/listing.ts';
import { nothingUsable, notImages, sift, siftListing } from '../../../src/data/sift.ts';
import { dropCase, fileOfCase } from './cases.ts';

const signal = new AbortController().signal;
const listed = (path: string, content: BlobPart = ''): ListedFile => {
  const blob = new Blob([content]);
  return { path, bytes: blob.size, open: async () => blob };
};
const sentences = (...names: string[]) =>
  notImages(
    names.map((path) => ({ path })),
    null,
  ).map(({ reason }) => reason);

describe('the first bytes decide what a file is', () => {
  test('whatever the ending of its name', async () => {
    const { images, others } = await siftListing(
      dropCase('image-with-other-ending', 'image-with-other-ending/photos'),
      { signal },
    );
    expect(images.map(({ path }) => path.slice(-2)).sort()).toEqual(['in', 'ge', 'hp', 'ng', 'po', 'sp'].sort());
    expect(others).toEqual([]);
  });

  test('and texts, tables and web pages stay what they are', async () => {
    const files = [
      listed('s/a.txt', 'BMW and other words'),
      listed('s/a.html', '<html><svg></svg>'),
      listed('s/b.csv', 'P1,2\n'),
      { path: 's/c.bin', bytes: 1, open: () => Promise.reject(new Error('gone')) },
    ];
    const { images, others, emptyFolders } = await siftListing({ files, directories: ['s'] }, { signal });
    expect(images).toEqual([]);
    expect(others).toHaveLength(4);
    expect(emptyFolders).toEqual(['s']);
  });

  test('where its name has no ending, of many in a folder by the first of them', async () => {
    const png = '\x89PNG\r\n\x1a\n';
    const image = listed(
      's/1',
      Uint8Array.from(png, (letter) => letter.charCodeAt(0)),
    );
    const files = [image, listed('s/README', 'words'), listed('s/LICENSE', 'more words'), listed('s/empty')];
    const { images, others } = await siftListing({ files, directories: ['s'] }, { signal });
    expect(images.map(({ path }) => path)).toEqual(['s/1', 's/empty']);
    expect(notImages(others, null).map(({ reason }) => reason)).toEqual([
      '“README” is not an image (its name has no ending).',
      '“LICENSE” is not an image (its name has no ending).',
    ]);
    const pictures = Array.from({ length: 40 }, (_, at) => ({ ...image, path: `s/${at}` }));
    const texts = Array.from({ length: 40 }, (_, at) => listed(`annotation/${at}`, '<annotation>'));
    const sifted = await siftListing({ files: [...pictures, ...texts], directories: [] }, { signal });
    expect(sifted.images.map(({ path }) => path)).toEqual(pictures.map(({ path }) => path));
  });

  test('until someone cancels', async () => {
    await expect(
      siftListing({ files: [listed('a.txt')], directories: [] }, { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({
      code: 'aborted',
    });
  });
});

describe('what is no image', () => {
  test('is one line for each folder and kind, not for each file', () => {
    const many = Array.from({ length: 1000 }, (_, n) => ({ path: `s/labels/${n}.txt` }));
    const problems = notImages([...many, { path: 's/labels/a.xml' }, { path: 's/b.txt' }], null);
    expect(problems.map(({ path, reason }) => [path, reason])).toEqual([
      ['s/labels', '“0.txt” is not an image (.txt). The same holds for 999 others in “labels”.'],
      ['s/labels/a.xml', expect.stringMatching(/^“a.xml” is an XML file, whose annotations are not read/)],
      ['s/b.txt', '“b.txt” is not an image (.txt).'],
    ]);
  });

  test.each([
    ['a.tar.gz', /packed TAR archive/],
    ['a.tgz', /packed TAR archive/],
    ['a.tar', /“a.tar” is a TAR archive, which is not read; unpack it and open the folder\./],
    ['a.7z', /7-Zip/],
    ['a.7z.001', /7-Zip/],
    ['a.rar', /RAR/],
    ['a.zip', /drop it by itself/],
  ])('%s is named as the archive that it is', (name, sentence) => {
    expect(sentences(name)).toEqual([expect.stringMatching(sentence)]);
  });
});

describe('nothing to make a data set of', () => {
  const of = (files: readonly ListedFile[], directories: readonly string[] = []) =>
    nothingUsable({ files: [...files], directories: [...directories] });

  test('says how much there is, in English', () => {
    expect(of([])).toBe('There is nothing to read in what was dropped. Nothing was changed.');
    expect(of([listed('a.txt')])).toBe('There is one file, but no image in what was dropped. Nothing was changed.');
    expect(of([listed('a.txt'), listed('b.txt'), listed('Thumbs.db')])).toContain('There are 2 files, but no image');
  });

  test('names archives', () => {
    expect(of([listed('images.tar.gz')])).toContain(
      '“images.tar.gz” is a packed TAR archive, which is not read here: unpack it',
    );
    expect(of([listed('a.7z'), listed('b.rar'), listed('x.csv')])).toContain(
      'There are 2 archives in what was dropped (a.7z, b.rar)',
    );
  });

  test('says that browsers leave out links where folders came without a file', () => {
    expect(of([], ['photos', 'photos/gallery'])).toMatch(
      /folders .* but no files\. Browsers leave out links .* copies/,
    );
  });
});

test('sifting by name alone stays what it was', () => {
  const { images } = sift([listed('a.mpo'), listed('b.jpg')], []);
  expect(images.map(({ path }) => path)).toEqual(['b.jpg']);
  expect(fileOfCase('image-with-other-ending', 'image-with-other-ending/note.txt').size).toBe(361);
});
