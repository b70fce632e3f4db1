import { expect, test } from 'vitest';
import { limitPerSplit, sortImages } from '../../../src/data/order.ts';
import { image } from './listed.ts';

const images = [
  image('g/b', 'h1', { split: 'gallery' }),
  image('q/1', 'h2', { split: 'query' }),
  image('t/é', 'h3'),
  image('g/B', 'h4', { split: 'gallery' }),
  image('t/z', 'h5'),
  image('g/a', 'h6', { split: 'gallery' }),
];

test('training, query, gallery; by code unit, whatever the language says', () => {
  expect(sortImages(images).map(({ path }) => path)).toEqual(['t/z', 't/é', 'q/1', 'g/B', 'g/a', 'g/b']);
});

test('a limit takes the first of each split', () => {
  expect(limitPerSplit(images, 1).map(({ path }) => path)).toEqual(['t/z', 'q/1', 'g/B']);
  expect(limitPerSplit(images, 99)).toHaveLength(6);
});
