import { expect, test } from 'vitest';
import { isWithin, queryRows, scoredImages } from '../../../src/core/scored-images.ts';
import type { ImageRecord, Split } from '../../../src/types.ts';

const image = (split: Split, className: string | null, i = 0): ImageRecord => ({
  datasetId: 'd',
  path: `${split}/${className}/${i}.png`,
  split,
  className,
  hash: `${split}${className}${i}`,
  bytes: 1,
  file: 'a.png',
  width: 1,
  height: 1,
});
const names = (images: readonly ImageRecord[]) => images.map(({ hash }) => hash);

test('queries ask the gallery', () => {
  const images = [image('query', 'a'), image('gallery', 'a'), image('gallery', 'b'), image('training', 'a')];
  const { queries, gallery, own } = scoredImages(images, 'test');
  expect([names(queries), names(gallery), own]).toEqual([['querya0'], ['gallerya0', 'galleryb0'], null]);
});

test('without queries, every labelled gallery image asks the others, with its own row as its embedding', async () => {
  const images = [image('gallery', 'a'), image('gallery', 'a', 1), image('gallery', 'b')];
  const scored = scoredImages(images, 'test');
  expect(names(scored.queries)).toEqual(names(scored.gallery));
  expect(scored.own).toEqual(Int32Array.of(0, 1, 2));
  const rows = { matrix: Float32Array.of(1, 2, 3), dimensions: 1 };
  expect(await queryRows(scored, async (split) => (split === 'gallery' ? rows : expect.fail(split)))).toEqual(rows);
});

test('on validation, training images ask training images', () => {
  const images = [image('training', 'a'), image('gallery', 'a'), image('query', 'a')];
  const { queries, gallery } = scoredImages(images, 'validation');
  expect([names(queries), names(gallery)]).toEqual([['traininga0'], ['traininga0']]);
});

test.each([
  ['two of one class', [image('gallery', 'a'), image('gallery', 'a', 1)], true],
  ['no two of one class', [image('gallery', 'a'), image('gallery', 'b')], false],
  ['no class at all', [image('gallery', null), image('gallery', null, 1)], false],
  ['a query beside', [image('gallery', 'a'), image('gallery', 'a', 1), image('query', 'a')], false],
])('a gallery of %s', (_, images, within) => {
  expect(isWithin(images)).toBe(within);
});
