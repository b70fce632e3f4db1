import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findProblems } from '../../../src/data/problems.ts';
import type { ImageRecord, Split } from '../../../src/types.ts';
import { image, kinds } from './listed.ts';

const training = (path: string, hash: string) =>
  image(`training/${path}`, hash, { file: path, className: path.split('/')[0] ?? null });
const test_ = (split: Split, path: string, hash: string, className: string | null = null) =>
  image(`test/${split}/${path}`, hash, { split, file: path, className });

test('copies within a class, across classes and across splits', () => {
  const problems = findProblems([
    training('a/1', 'h1'),
    training('a/2', 'h1'),
    training('a/3', 'h2'),
    training('b/1', 'h2'),
    training('b/2', 'h3'),
    test_('query', 'q1', 'h3'),
    test_('query', 'q2', 'h4'),
    test_('gallery', 'g1', 'h4'),
    test_('gallery', 'g2', 'h5', 'a'),
    test_('query', 'q3', 'h5', 'b'),
  ]);
  expect(kinds(problems)).toEqual([
    'conflicting-label test/gallery/g2',
    'conflicting-label test/query/q3',
    'conflicting-label training/a/3',
    'conflicting-label training/b/1',
    'duplicate training/a/2',
    'leak test/query/q1',
    'leak test/query/q2',
    'leak test/query/q3',
  ]);
  const reasonOf = (path: string) => problems.find((problem) => problem.path === path)?.reason;
  expect(reasonOf('training/a/2')).toContain('training/a/1');
  expect(reasonOf('test/query/q1')).toContain('training/b/2');
  expect(reasonOf('training/a/3')).toContain('training/b/1');
});

test('a file in all three splits is one leak that names both places', () => {
  const problems = findProblems([
    training('a/1', 'h'),
    training('a/2', 'x'),
    test_('query', 'q', 'h'),
    test_('gallery', 'g', 'h'),
  ]);
  expect(kinds(problems)).toEqual(['leak test/gallery/g', 'leak test/query/q']);
  const leak = problems.find(({ path }) => path === 'test/query/q');
  expect(leak?.reason).toContain('training/a/1');
  expect(leak?.reason).toContain('test/gallery/g');
});

test('unlabelled images contradict nobody', () => {
  expect(kinds(findProblems([test_('gallery', 'g1', 'h'), test_('gallery', 'g2', 'h', 'a')]))).toEqual([]);
});

test('classes with one image, and classes of which nothing could be read', () => {
  const broken = training('broken/1', '');
  const single = training('single/1', 'h1');
  const problems = findProblems([single, training('b/1', 'h2'), training('b/2', 'h3')], [broken, training('b/3', '')]);
  expect(kinds(problems)).toEqual(['empty-class training/broken', 'single-image-class training/single']);
});

test('images that were not read yet are no copies of each other', () => {
  expect(
    findProblems([
      { ...training('a/1', ''), hash: null },
      { ...training('a/2', ''), hash: null },
    ]),
  ).toEqual([]);
});

test('agrees with a comparison of every image with every other', () => {
  const record = fc.record({
    split: fc.constantFrom<Split>('training', 'query', 'gallery'),
    className: fc.constantFrom('a', 'b', '__proto__', null),
    hash: fc.constantFrom('1', '2', '3', '4'),
  });
  fc.assert(
    fc.property(fc.array(record, { maxLength: 12 }), (records) => {
      const images = records.map((fields, n) => image(`p/${String(n).padStart(2, '0')}`, fields.hash, fields));
      const others = (one: ImageRecord) => images.filter((other) => other !== one && other.hash === one.hash);
      const expected = images.flatMap((one) => {
        const same = others(one);
        const twin = same.some((o) => o.split === one.split && o.className === one.className && o.path < one.path);
        const conflict = same.some(
          (o) => one.className !== null && o.className !== null && o.className !== one.className,
        );
        const leak =
          one.split !== 'training' &&
          same.some((o) => o.split === 'training' || (one.split === 'query' && o.split === 'gallery'));
        return [
          ...(twin ? [`duplicate ${one.path}`] : []),
          ...(conflict ? [`conflicting-label ${one.path}`] : []),
          ...(leak ? [`leak ${one.path}`] : []),
        ];
      });
      const found = findProblems(images).filter(({ kind }) => kind !== 'single-image-class');
      expect(kinds(found)).toEqual(expected.sort());
    }),
  );
});
