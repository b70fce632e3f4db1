import { describe, expect, it } from 'vitest';
import { codeLabels } from '../../../src/metrics/labels.ts';
import { measureRankings } from '../../../src/metrics/query-metrics.ts';

const rankings = (rows: number[][]) => {
  const k = rows[0]?.length ?? 1;
  return { rows: Int32Array.from(rows.flat()), similarities: new Float32Array(rows.length * k), k };
};

describe('codeLabels', () => {
  it('gives equal classes equal codes, whatever they are called', () => {
    const { query, gallery } = codeLabels(
      ['b', null, '__proto__', ''],
      ['__proto__', 'b', '', 'b', 'constructor', null],
    );
    expect([...query]).toEqual([0, -1, 1, 2]);
    expect([...gallery]).toEqual([1, 0, 2, 0, 3, -1]);
  });
});

describe('measureRankings', () => {
  // Gallery: rows 0, 2, 5 are apples (R = 3), 1 and 3 pears (R = 2), 4 unknown.
  const gallery = ['apple', 'pear', 'apple', 'pear', null, 'apple'];

  it('measures rankings counted by hand', () => {
    const labels = codeLabels(['apple', 'pear'], gallery);
    const ranked = rankings([
      [4, 0, 2, 1, 5, 3], // · A A · A ·
      [0, 2, 4, 5, 3, 1], // · · · · P P
    ]);
    const metrics = measureRankings(ranked, labels, [1, 2, 5, 100]);
    expect([...metrics.relevant]).toEqual([3, 2]);
    expect([...metrics.firstHitRank]).toEqual([2, 5]);
    // (1/3)(1/2 + 2/3): the third apple, at rank 5, lies beyond R.
    expect(metrics.apAtR[0]).toBeCloseTo(7 / 18, 14);
    expect(metrics.apAtR[1]).toBe(0);
    expect(metrics.rPrecision[0]).toBeCloseTo(2 / 3, 14);
    expect(metrics.rPrecision[1]).toBe(0);
    expect([...metrics.hits]).toEqual([0, 1, 3, 3, 0, 0, 1, 2]);
  });

  it('gives a perfect ranking 1 throughout', () => {
    const metrics = measureRankings(rankings([[5, 0, 2, 1, 3, 4]]), codeLabels(['apple'], gallery), [3]);
    expect([metrics.apAtR[0], metrics.rPrecision[0], metrics.firstHitRank[0], metrics.hits[0]]).toEqual([1, 1, 1, 3]);
  });

  it('leaves out queries without a label, and those whose class the gallery lacks', () => {
    const ranked = rankings([
      [0, 1, 2, 3, 4, 5],
      [4, 1, 2, 3, 0, 5],
    ]);
    const metrics = measureRankings(ranked, codeLabels([null, 'plum'], gallery), [1]);
    expect([...metrics.relevant]).toEqual([0, 0]);
    expect([...metrics.hits]).toEqual([0, 0]);
  });

  it('ends a ranking at −1', () => {
    const metrics = measureRankings(rankings([[1, 0, -1]]), codeLabels(['a'], ['a', 'b']), [1, 3]);
    expect([...metrics.hits]).toEqual([0, 1]);
  });

  it('refuses rankings that are too short for R or for k', () => {
    const labels = codeLabels(['apple'], gallery);
    expect(() => measureRankings(rankings([[0, 1]]), labels, [1])).toThrow(/Rankings of 2 images .* 3 are needed/);
    expect(() => measureRankings(rankings([[0, 1, 2]]), labels, [5])).toThrow(/5 are needed/);
    expect(() => measureRankings(rankings([[0, 1, 2]]), labels, [0])).toThrow(/k must be/);
    expect(() =>
      measureRankings(
        rankings([
          [0, 1],
          [1, 0],
        ]),
        labels,
        [1],
      ),
    ).toThrow(/not those of 1 queries/);
  });
});
