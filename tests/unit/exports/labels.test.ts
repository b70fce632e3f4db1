import { expect, test } from 'vitest';
import { labelsJson } from '../../../src/exports/labels.ts';

const HOSTILE = '</script>__proto__';
const images = [
  { path: 'test/query/b/1.jpg', className: 'b', width: 40, height: 30 },
  { path: 'test/gallery/a/1.v2.PNG', className: HOSTILE, width: 8, height: 9 },
  { path: 'training/none', className: null, width: null, height: null },
  { path: 'training/b/2.jpg', className: 'b', width: null, height: null },
];

test('FiftyOne: classes and an index an image, by its path without the ending', () => {
  expect(JSON.parse(labelsJson(images, 'fiftyone'))).toEqual({
    classes: [HOSTILE, 'b'],
    labels: { 'test/query/b/1': 1, 'test/gallery/a/1.v2': 0, 'training/none': null, 'training/b/2': 1 },
  });
});

test('FiftyOne cannot tell images that differ in their ending alone', () => {
  const twins = ['a/1.jpg', 'a/1.png'].map((path) => ({ path, className: null, width: null, height: null }));
  expect(() => labelsJson(twins, 'fiftyone')).toThrow('two of "a/1"');
});

test('COCO: a box around the whole image where its size is known, and no annotation without a class', () => {
  const { images: listed, annotations, categories } = JSON.parse(labelsJson(images, 'coco'));
  expect(listed[0]).toEqual({ id: 1, file_name: 'test/query/b/1.jpg', width: 40, height: 30 });
  expect(listed[2]).toEqual({ id: 3, file_name: 'training/none' });
  expect(categories).toEqual([
    { id: 1, name: HOSTILE },
    { id: 2, name: 'b' },
  ]);
  expect(annotations).toEqual([
    { id: 1, image_id: 1, category_id: 2, bbox: [0, 0, 40, 30], area: 1200, iscrowd: 0 },
    { id: 2, image_id: 2, category_id: 1, bbox: [0, 0, 8, 9], area: 72, iscrowd: 0 },
    { id: 3, image_id: 4, category_id: 2, iscrowd: 0 },
  ]);
});

test('a class called as what every object has is a class', () => {
  const [image] = images;
  if (!image) throw new Error('There is no image.');
  const odd = ['__proto__', 'constructor'].map((path) => ({ ...image, path, className: path }));
  expect(JSON.parse(labelsJson(odd, 'fiftyone')).classes).toEqual(['__proto__', 'constructor']);
});
