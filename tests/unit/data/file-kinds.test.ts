import { describe, expect, test } from 'vitest';
import { extensionOf, type FileKind, folderOf, joinPath } from '../../../src/data/file-kinds.ts';
import { kindOf } from './listed.ts';

const EXPECTED: readonly [string, FileKind][] = [
  ['training/a/IMG.JPG', 'image'],
  ['training/a/photo.jfif', 'image'],
  ['training/a/photo.HEIC', 'image'],
  ['training/a/no_extension', 'image'],
  ['training/a/.hidden.jpg', 'image'],
  ['training/a/.hidden', 'image'],
  ['training/a/double.tar.jpg', 'image'],
  ['training/a/Dr. Smith', 'image'],
  ['training/a/frame.0001', 'image'],
  ['training/a.txt/1.jpg', 'image'],
  ['training/a/trailing.jpg.txt', 'other'],
  ['test/gallery/b0.jpg.crdownload', 'other'],
  ['training/a/records.tfrecord', 'other'],
  ['training/a/Thumbs.db', 'system'],
  ['training/a/desktop.ini', 'system'],
  ['training/a/ehthumbs.db', 'system'],
  ['training/a/.DS_Store', 'system'],
  ['training/a/._IMG.jpg', 'system'],
  ['__MACOSX/training/a/1.jpg', 'system'],
  ['.git/objects/ab/cdef', 'system'],
  ['training/a/.gitkeep', 'system'],
  ['training/@eaDir/1.jpg', 'system'],
  ['ground_truth.json', 'ground-truth'],
  ['set/Ground_Truth.CSV', 'ground-truth'],
  ['set/ground_truth.txt', 'other'],
];

describe('what a file is taken for', () => {
  test.each(EXPECTED)('%s: %s', (path, kind) => {
    expect(kindOf(path)).toBe(kind);
  });
});

test('the extension is the last one, lower case, and not the start of a hidden name', () => {
  expect(['a/b.TAR.Gz', '.jpg', 'x.', 'a.b/c'].map(extensionOf)).toEqual(['gz', '', '', '']);
});

test('folders and paths fit together', () => {
  for (const path of ['a', 'a/b', 'a/b/c.jpg']) {
    const name = path.split('/').at(-1) ?? '';
    expect(joinPath(folderOf(path), name)).toBe(path);
  }
});
