import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accuracyByClass, compareClasses, greatestChanges } from '../../../src/metrics/by-class.ts';
import { wilsonInterval } from '../../../src/metrics/intervals.ts';

/** One query each: class and rank of its first hit; a rank of −1 stands for a query that counts nowhere. */
function outcomes(queries: readonly (readonly [string | null, number])[]) {
  return [
    queries.map(([label]) => label),
    {
      relevant: Int32Array.from(queries, ([, rank]) => (rank < 0 ? 0 : 3)),
      firstHitRank: Int32Array.from(queries, ([, rank]) => Math.max(0, rank)),
    },
  ] as const;
}

describe('accuracyByClass', () => {
  const [labels, ranks] = outcomes([
    ['pear', 1],
    ['pear', 7],
    ['lime', 2],
    ['lime', 11],
    ['lime', 0],
    ['fig', 1],
    [null, 3],
    ['pear', -1],
    ['kiwi', -1],
  ]);

  it('counts, from worst to best, only queries that count', () => {
    expect(accuracyByClass(labels, ranks, 5)).toEqual([
      { className: 'lime', queries: 3, hits: 1, share: 1 / 3, interval: wilsonInterval(1, 3) },
      { className: 'pear', queries: 2, hits: 1, share: 1 / 2, interval: wilsonInterval(1, 2) },
      { className: 'fig', queries: 1, hits: 1, share: 1, interval: wilsonInterval(1, 1) },
    ]);
  });

  it('depends on k, and a hit that was not found is none at any k', () => {
    const shares = (k: number) => accuracyByClass(labels, ranks, k).map(({ className, share }) => [className, share]);
    expect(shares(1)).toEqual([
      ['lime', 0],
      ['pear', 0.5],
      ['fig', 1],
    ]);
    expect(shares(1000)[0]).toEqual(['lime', 2 / 3]);
  });

  it('puts the better founded of equal classes first, then goes by name', () => {
    const equal = outcomes([
      ['b', 1],
      ['a', 1],
      ['c', 1],
      ['c', 1],
    ]);
    expect(accuracyByClass(...equal, 1).map(({ className }) => className)).toEqual(['c', 'a', 'b']);
  });

  it('weighted by queries, averages to the overall accuracy', () => {
    const query = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', null), fc.integer({ min: -1, max: 12 }));
    fc.assert(
      fc.property(fc.array(query, { maxLength: 60 }), (queries) => {
        const counted = queries.filter(([label, rank]) => label !== null && rank >= 0);
        const classes = accuracyByClass(...outcomes(queries), 5);
        expect(classes.reduce((sum, entry) => sum + entry.queries, 0)).toBe(counted.length);
        expect(classes.reduce((sum, { share, queries: n }) => sum + share * n, 0)).toBeCloseTo(
          counted.filter(([, rank]) => rank >= 1 && rank <= 5).length,
        );
      }),
    );
  });
});

describe('compareClasses', () => {
  const a = accuracyByClass(
    ...outcomes([
      ['lime', 1],
      ['lime', 1],
      ['pear', 9],
      ['fig', 1],
      ['kiwi', 1],
      ['kiwi', 9],
      ['only a', 1],
    ]),
    1,
  );
  const b = accuracyByClass(
    ...outcomes([
      ['lime', 1],
      ['lime', 9],
      ['pear', 1],
      ['fig', 1],
      ['kiwi', 9],
      ['kiwi', 1],
      ['only b', 1],
    ]),
    1,
  );
  const compared = compareClasses(a, b);

  it('sorts by the change from b to a; what only one run has comes last', () => {
    expect(compared.map(({ className, change }) => [className, change])).toEqual([
      ['pear', -1],
      ['fig', 0],
      ['kiwi', 0],
      ['lime', 0.5],
      ['only a', null],
      ['only b', null],
    ]);
    expect(compared[4]).toMatchObject({ a: { queries: 1 }, b: null });
  });

  it('names the greatest changes, and none where nothing changed', () => {
    expect(greatestChanges(compared, 5)).toEqual({ gained: [compared[3]], lost: [compared[0]] });
    expect(greatestChanges(compareClasses(a, a), 5)).toEqual({ gained: [], lost: [] });
    expect(greatestChanges(compareClasses(a, b), 0)).toEqual({ gained: [], lost: [] });
  });

  it('lists the greatest change first, on both sides', () => {
    const five = (n: number) => Array.from({ length: 4 }, (_, i) => ['x', i < n ? 1 : 9] as const);
    const of = (shares: Readonly<Record<string, number>>) =>
      accuracyByClass(
        ...outcomes(Object.entries(shares).flatMap(([name, n]) => five(n).map(([, r]) => [name, r] as const))),
        1,
      );
    const { gained, lost } = greatestChanges(
      compareClasses(of({ p: 4, q: 3, r: 0, s: 1 }), of({ p: 0, q: 2, r: 4, s: 2 })),
      2,
    );
    expect(gained.map(({ className }) => className)).toEqual(['p', 'q']);
    expect(lost.map(({ className }) => className)).toEqual(['r', 's']);
  });
});
