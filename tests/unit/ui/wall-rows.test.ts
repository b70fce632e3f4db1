import { expect, test } from 'vitest';
import type { ImageRecord } from '../../../src/types.ts';
import { countClasses } from '../../../src/ui/data/class-counts.ts';
import { groupByClass, survivorOf, wallRows } from '../../../src/ui/data/wall-rows.ts';

function image(className: string | null, number: number, split: ImageRecord['split'] = 'gallery'): ImageRecord {
  const file = `${className}/${number}.jpg`;
  return {
    datasetId: 'd',
    path: `${split}/${file}`,
    split,
    file,
    className,
    bytes: 1,
    hash: null,
    width: null,
    height: null,
  };
}

test('a row for each class, then its images; unknown classes last', () => {
  const images = [image('b', 1), image(null, 1), image('a', 1), image('b', 2), image('b', 3)];
  const rows = wallRows(groupByClass(images), 2).map((row) =>
    row.kind === 'class' ? row.group.className : row.images.map(({ file }) => file),
  );
  expect(rows).toEqual(['a', ['a/1.jpg'], 'b', ['b/1.jpg', 'b/2.jpg'], ['b/3.jpg'], null, ['null/1.jpg']]);
});

test('images per class and split, the largest class first, names as they are', () => {
  const images = [
    image('__proto__', 1),
    image('a', 1, 'training'),
    image('a', 2, 'query'),
    image('a', 3),
    image(null, 1),
  ];
  expect(countClasses(images)).toEqual([
    { className: 'a', training: 1, query: 1, gallery: 1, total: 3 },
    { className: '__proto__', training: 0, query: 0, gallery: 1, total: 1 },
  ]);
});

test('where an image left the wall, the one after it is next, at the end the one before', () => {
  const order = ['a', 'b', 'c', 'd'];
  expect(survivorOf(order, 'b', new Set(order))).toBe('b');
  expect(survivorOf(order, 'b', new Set(['a', 'd']))).toBe('d');
  expect(survivorOf(order, 'd', new Set(['a', 'b']))).toBe('b');
  expect(survivorOf(order, 'a', new Set())).toBeNull();
});
