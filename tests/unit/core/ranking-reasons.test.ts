import { expect, test } from 'vitest';
import { rankReasons } from '../../../src/core/ranking-reasons.ts';
import { plainClasses } from '../../../src/search/classes/plain.ts';
import { cover } from '../../../src/search/rankings/cover.ts';

const names = ['apple', 'pear', 'plum'];
const query = Float32Array.of(0.625, 0.25, 0.125);
const [apple, pear, plum] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

test('by class, each image stands where it does by the probability that it is of the query’s class', () => {
  const images = Float32Array.from([apple, pear, [0.5, 0.5, 0]].flat());
  expect(rankReasons('class', query, images, names)).toEqual([
    { kind: 'agrees', share: 0.625 },
    { kind: 'agrees', share: 0.25 },
    { kind: 'agrees', share: 0.4375 },
  ]);
});

test('by cover, each stands for the class of which those before it left most uncovered', () => {
  // Half of the first image’s class is left: the second, of the same, still covers more of it than of another.
  const images = Float32Array.from([[0.5, 0, 0], [0.5, 0.5, 0], pear, plum].flat());
  const reasons = rankReasons('cover', query, images, names);
  expect(reasons.map((reason) => (reason.kind === 'covers' ? reason.className : reason.share))).toEqual([
    'apple',
    'apple',
    'pear',
    'plum',
  ]);
});

test('what cover leaves to the order of class is explained by that', () => {
  // Nothing is left to cover after the three.
  const images = Float32Array.from([apple, pear, plum, apple].flat());
  expect(rankReasons('cover', query, images, names).at(-1)).toEqual({ kind: 'agrees', share: 0.625 });
  // After the tenth.
  const twelve = Float32Array.from({ length: 36 }, () => 0.01);
  expect(rankReasons('cover', query, twelve, names).map(({ kind }) => kind)).toEqual([
    ...Array.from({ length: 10 }, () => 'covers'),
    'agrees',
    'agrees',
  ]);
  // A head from a file does not tell the names of its classes.
  expect(rankReasons('cover', query, Float32Array.from(apple ?? []), null)).toEqual([{ kind: 'agrees', share: 0.625 }]);
});

test('every image that the ranking put forward for a class of its own is said to stand for that', () => {
  const gallery = Float32Array.from([apple, apple, pear, apple, plum].flat());
  const keys = new Float64Array(5);
  cover.keys({ query, gallery, similarities: Float32Array.of(0.9, 0.8, 0.7, 0.6, 0.5) }, keys, plainClasses);
  const order = [0, 1, 2, 3, 4].sort((a, b) => (keys[b] ?? 0) - (keys[a] ?? 0));
  const ordered = Float32Array.from(order.flatMap((row) => [...gallery.slice(3 * row, 3 * row + 3)]));
  const reasons = rankReasons('cover', query, ordered, names);
  expect(reasons.slice(0, 3)).toEqual(names.map((className) => ({ kind: 'covers', className })));
  expect(reasons.slice(3).map(({ kind }) => kind)).toEqual(['agrees', 'agrees']);
});
