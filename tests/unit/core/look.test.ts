import { describe, expect, test } from 'vitest';
import {
  countNeighbours,
  everyQuery,
  filterQueries,
  type LookFilter,
  type LookRun,
  lookTable,
  NOT_FOUND,
  neighbourAt,
  queriesOf,
  similarityAt,
  verdictOn,
} from '../../../src/core/look.ts';
import type { ImageRecord, Split } from '../../../src/types.ts';

function image(split: Split, name: string, className: string | null, hash: string | null = name): ImageRecord {
  return {
    datasetId: 'd',
    path: `${split}/${name}`,
    split,
    file: name,
    className,
    bytes: 1,
    hash,
    width: 1,
    height: 1,
  };
}

const images = [
  image('query', 'q0', 'apple'),
  image('query', 'q1', 'pear'),
  image('query', 'unread', 'pear', null),
  image('query', 'q2', null),
  image('query', 'q3', 'quince'),
  image('query', 'q4', 'apple', 'q0'),
  image('gallery', 'g0', 'apple'),
  image('gallery', 'g1', 'pear'),
  image('gallery', 'g2', null),
];

interface Answers {
  readonly queries: readonly number[];
  readonly relevant: readonly number[];
  readonly ranks: readonly number[];
  readonly rows: readonly number[];
}

/** Two neighbours a query. */
function run({ queries, relevant, ranks, rows }: Answers): LookRun {
  return {
    outcomes: {
      queries: Int32Array.from(queries),
      relevant: Int32Array.from(relevant),
      firstHitRank: Int32Array.from(ranks),
      apAtR: new Float64Array(queries.length),
    },
    neighbours: {
      k: 2,
      rows: Int32Array.from(rows),
      similarities: Float32Array.from(rows, (row, at) => (row < 0 ? Number.NEGATIVE_INFINITY : 1 - at / 16)),
    },
  };
}

const a = run({
  queries: [0, 1, 2, 3, 4],
  relevant: [1, 1, 0, 0, 1],
  ranks: [2, 1, 0, 0, 0],
  rows: [1, 0, 1, 2, 0, 1, 0, -1, 1, 2],
});
// The same queries in another order, one of them missing.
const b = run({ queries: [4, 1, 0], relevant: [1, 1, 1], ranks: [1, 7, 1], rows: [0, 1, 0, 2, 0, 1] });

describe('the table', () => {
  const table = lookTable(images, 'test', a, b);

  test('holds the queries that were asked, images that were not read left out', () => {
    expect(table.queries.map(({ file }) => file)).toEqual(['q0', 'q1', 'q2', 'q3', 'q4']);
    expect(table.gallery.map(({ file }) => file)).toEqual(['g0', 'g1', 'g2']);
  });

  test('tells a query without a right neighbour from one that does not count', () => {
    expect([...table.a.ranks]).toEqual([2, 1, 0, 0, NOT_FOUND]);
  });

  test('finds the same query among those of run B, whatever their order', () => {
    expect([...(table.b?.rows ?? [])]).toEqual([2, 1, -1, -1, 0]);
    expect([...(table.b?.ranks ?? [])]).toEqual([1, 7, 0, 0, 1]);
  });

  test('gives neighbours and similarities of the query, and none where there are fewer', () => {
    expect([0, 1, 2].map((at) => neighbourAt(table.a, 0, at))).toEqual([1, 0, -1]);
    expect(similarityAt(table.a, 1, 1)).toBe(1 - 3 / 16);
    expect(countNeighbours(table.a, 3, 2)).toBe(1);
    expect(table.b && countNeighbours(table.b, 2, 2)).toBe(0);
  });

  test('says right, wrong, or nothing where a class is unknown', () => {
    expect([0, 1, 2].map((at) => verdictOn(table, 0, at))).toEqual([true, false, null]);
    expect(verdictOn(table, 2, 0)).toBeNull();
  });

  test('lists all queries that show the same image', () => {
    expect(queriesOf(table, 'q0')).toEqual([0, 4]);
    expect(queriesOf(table, 'nobody')).toEqual([]);
  });

  test('counts validation by the training images', () => {
    const training = [image('training', 't0', 'apple'), image('training', 't1', 'apple')];
    const asked = run({ queries: [1], relevant: [1], ranks: [1], rows: [0, -1] });
    const validation = lookTable(training, 'validation', asked);
    expect(validation.queries.map(({ file }) => file)).toEqual(['t1']);
    expect(validation.b).toBeNull();
    expect(verdictOn(validation, 0, 0)).toBe(true);
  });
});

describe('the filter', () => {
  const table = lookTable(images, 'test', a, b);
  const fitting = (filter: Partial<LookFilter>): number[] => [...filterQueries(table, { ...everyQuery, ...filter })];

  test.each<[string, Partial<LookFilter>, number[]]>([
    ['everything', {}, [0, 1, 2, 3, 4]],
    ['right at 1', { outcome: 'right' }, [1]],
    ['failed at 1', { outcome: 'wrong' }, [0, 4]],
    ['failed at 5: no hit at all is a failure', { outcome: 'wrong', at: 5 }, [4]],
    ['A right and B wrong', { outcome: 'a-only', at: 5 }, [1]],
    ['A wrong and B right', { outcome: 'b-only' }, [0, 4]],
    ['both wrong', { outcome: 'neither' }, []],
    ['rank from', { from: 2 }, [0, 4]],
    ['rank from and to', { from: 2, to: 2 }, [0]],
    ['an empty range', { from: 3, to: 2 }, []],
    ['a class', { className: 'apple' }, [0, 4]],
    ['a class that no query has', { className: 'fig' }, []],
    ['a class and an outcome', { className: 'apple', outcome: 'wrong', at: 10 }, [4]],
    ['hardest first, those without a rank last', { order: 'hardest' }, [4, 0, 1, 2, 3]],
    ['easiest first, those without a rank last', { order: 'easiest' }, [1, 0, 4, 2, 3]],
  ])('%s', (_, filter, expected) => expect(fitting(filter)).toEqual(expected));

  test('asks nothing of a run B that is not there', () => {
    const alone = lookTable(images, 'test', a);
    expect([...filterQueries(alone, { ...everyQuery, outcome: 'a-only' })]).toEqual([]);
  });
});
