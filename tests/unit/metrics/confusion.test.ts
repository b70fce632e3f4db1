import { describe, expect, it } from 'vitest';
import {
  type ConfusionView,
  confusionOf,
  type LabelledNeighbours,
  mostConfusedClasses,
  queriesBetween,
} from '../../../src/metrics/confusion.ts';

const gallery = ['lime', 'lemon', 'pear', null, 'lemon', 'lime'];
const judged = (
  queryLabels: readonly (string | null)[],
  rankings: readonly (readonly number[])[],
  relevant = queryLabels.map(() => 2),
): LabelledNeighbours => ({
  queryLabels,
  relevant: Int32Array.from(relevant),
  neighbours: { k: 3, rows: Int32Array.from(rankings.flat()) },
  galleryLabels: gallery,
});
const confusion = (...of: Parameters<typeof judged>) => confusionOf(judged(...of), 'wrong');

describe('confusionOf', () => {
  it('takes the first neighbour of another class, whether or not a right one comes before it', () => {
    const found = confusion(
      ['lime', 'lime', 'lime', 'pear'],
      [
        [0, 1, 2],
        [1, 0, 5],
        [2, 1, 0],
        [2, 5, 0],
      ],
    );
    expect(found).toEqual({
      pairs: [
        { query: 'lime', neighbour: 'lemon', count: 2, nearest: 1, of: 3 },
        { query: 'pear', neighbour: 'lime', count: 1, nearest: 0, of: 1 },
        { query: 'lime', neighbour: 'pear', count: 1, nearest: 1, of: 3 },
      ],
      queries: 4,
      unmet: 0,
    });
  });

  it('passes over neighbours without a class, and counts queries that meet no other one', () => {
    const found = confusion(
      ['lime', 'lime', 'lime'],
      [
        [3, 1, 0],
        [0, 5, 3],
        [5, -1, -1],
      ],
    );
    expect(found.pairs).toEqual([{ query: 'lime', neighbour: 'lemon', count: 1, nearest: 0, of: 3 }]);
    expect(found).toMatchObject({ queries: 3, unmet: 2 });
  });

  it('leaves out queries that count nowhere', () => {
    const rankings = [
      [1, 2, 3],
      [1, 2, 3],
      [0, 1, 2],
    ];
    const found = confusion([null, 'kiwi', 'lime'], rankings, [2, 0, 2]);
    expect(found.pairs.map(({ query }) => query)).toEqual(['lime']);
    expect(found.queries).toBe(1);
  });

  it('takes names for names, whatever they say', () => {
    const names = ['__proto__', 'constructor', 'a\u0000b'];
    const { pairs } = confusionOf(
      {
        queryLabels: names,
        relevant: Int32Array.of(1, 1, 1),
        neighbours: { k: 1, rows: Int32Array.of(1, 0, 0) },
        galleryLabels: names,
      },
      'wrong',
    );
    expect(pairs.map(({ query, neighbour }) => [query, neighbour])).toEqual([
      ['__proto__', 'constructor'],
      ['a\u0000b', '__proto__'],
      ['constructor', '__proto__'],
    ]);
  });
});

describe('the class of the first neighbour', () => {
  const cases = judged(
    ['lime', 'lime', 'lime', 'pear', 'pear', null, 'kiwi'],
    [
      [0, 1, 2],
      [1, 0, 5],
      [5, 1, 0],
      [2, 5, 0],
      [3, 2, 0],
      [0, 1, 2],
      [0, 1, 2],
    ],
    [2, 2, 2, 1, 1, 2, 0],
  );

  it('makes a matrix whose diagonal is top-1 accuracy, class by class', () => {
    expect(confusionOf(cases, 'first')).toEqual({
      pairs: [
        { query: 'lime', neighbour: 'lime', count: 2, nearest: 2, of: 3 },
        { query: 'pear', neighbour: 'pear', count: 1, nearest: 1, of: 2 },
        { query: 'lime', neighbour: 'lemon', count: 1, nearest: 1, of: 3 },
      ],
      queries: 5,
      // The nearest image of one pear has no class.
      unmet: 1,
    });
  });

  it('adds up to the queries that count, in either view', () => {
    for (const view of ['first', 'wrong'] satisfies ConfusionView[]) {
      const { pairs, queries, unmet } = confusionOf(cases, view);
      expect(pairs.reduce((sum, { count }) => sum + count, unmet)).toBe(queries);
    }
  });

  it('knows the queries of each cell', () => {
    expect(queriesBetween(cases, 'first', { query: 'lime', neighbour: 'lime' })).toEqual([0, 2]);
    expect(queriesBetween(cases, 'first', { query: 'lime', neighbour: 'lemon' })).toEqual([1]);
    expect(queriesBetween(cases, 'wrong', { query: 'lime', neighbour: 'lemon' })).toEqual([0, 1, 2]);
    expect(queriesBetween(cases, 'first', { query: 'kiwi', neighbour: 'lime' })).toEqual([]);
    for (const view of ['first', 'wrong'] satisfies ConfusionView[]) {
      for (const pair of confusionOf(cases, view).pairs) {
        expect(queriesBetween(cases, view, pair)).toHaveLength(pair.count);
      }
    }
  });
});

describe('mostConfusedClasses', () => {
  const pair = (query: string, neighbour: string, count: number) => ({ query, neighbour, count, nearest: 0, of: 9 });
  const pairs = [pair('d', 'a', 5), pair('x', 'y', 4), pair('a', 'c', 3), pair('y', 'd', 1)];

  it('takes the classes of the most frequent pairs, whole pairs only, and sorts them by name', () => {
    expect(mostConfusedClasses({ pairs, queries: 20, unmet: 0 }, 2)).toEqual(['a', 'd']);
    expect(mostConfusedClasses({ pairs, queries: 20, unmet: 0 }, 3)).toEqual(['a', 'c', 'd']);
    expect(mostConfusedClasses({ pairs, queries: 20, unmet: 0 }, 40)).toEqual(['a', 'c', 'd', 'x', 'y']);
    expect(mostConfusedClasses({ pairs: [], queries: 0, unmet: 0 }, 40)).toEqual([]);
    // What is right is no confusion, however frequent; it fills the room that is left.
    const right = [pair('r', 'r', 8), ...pairs];
    expect(mostConfusedClasses({ pairs: right, queries: 20, unmet: 0 }, 2)).toEqual(['a', 'd']);
    expect(mostConfusedClasses({ pairs: right, queries: 20, unmet: 0 }, 6)).toEqual(['a', 'c', 'd', 'r', 'x', 'y']);
  });
});
