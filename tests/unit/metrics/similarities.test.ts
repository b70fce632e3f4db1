import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/math/random.ts';
import { UNKNOWN } from '../../../src/metrics/labels.ts';
import { binsOver, countInBins, firstNeighbours, judgeNeighbours } from '../../../src/metrics/similarities.ts';

/** Three queries, three neighbours each; the second has only one, the third's label is unknown. */
const neighbours = {
  k: 3,
  rows: Int32Array.of(0, 1, 2, 2, -1, -1, 0, 1, 2),
  similarities: Float32Array.of(0.75, 0.5, 0.25, 0.5, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, 1, 1, 1),
};
const asked = Int32Array.of(7, 8, UNKNOWN);
/** The second image's class is unknown. */
const searched = Int32Array.of(7, UNKNOWN, 8);

describe('neighbours by similarity', () => {
  it('keeps the first k of each query', () => {
    expect(firstNeighbours(neighbours, 2)).toEqual({
      k: 2,
      rows: Int32Array.of(0, 1, 2, -1, 0, 1),
      similarities: Float32Array.of(0.75, 0.5, 0.5, Number.NEGATIVE_INFINITY, 1, 1),
    });
    expect(firstNeighbours(neighbours, 10)).toEqual(neighbours);
    expect(firstNeighbours({ k: 0, rows: new Int32Array(0), similarities: new Float32Array(0) }, 10).k).toBe(0);
  });

  it('are right or wrong; where nobody knows, they are left out', () => {
    // Query 0: image 0 right at 0.75, image 1 unknown, image 2 wrong at 0.25. Query 1: image 2 right at 0.5.
    expect(judgeNeighbours(neighbours, asked, searched)).toEqual({
      similarities: Float32Array.of(0.75, 0.5, 0.25),
      right: Uint8Array.of(1, 1, 0),
    });
  });

  it('are counted in bins, each once', () => {
    const list = {
      similarities: Float32Array.of(1.0000001, 0.9, 0.8, 0.8, 0.55),
      right: Uint8Array.of(1, 1, 0, 1, 0),
    };
    const bins = { first: 5, perUnit: 10, count: 5 };
    // 0.55 | nothing | nothing | 0.8 twice | 0.9, and 1 in the last bin.
    expect(countInBins(list, bins)).toEqual({
      right: Int32Array.of(0, 0, 0, 1, 2),
      wrong: Int32Array.of(1, 0, 0, 1, 0),
    });
  });

  it('have bins that reach over all, at most 40, with round edges', () => {
    const list = (...similarities: number[]) => ({
      similarities: Float32Array.from(similarities),
      right: new Uint8Array(similarities.length),
    });
    expect(binsOver([list(0.995, 0.991)])?.perUnit).toBeGreaterThanOrEqual(5000);
    expect(binsOver([list(1, -1)])).toEqual({ first: -20, perUnit: 20, count: 40 });
    expect(binsOver([list(), list()])).toBeNull();
    const random = seededRandom(1);
    const many = list(...Array.from({ length: 500 }, () => random.uniform() * 1.4 - 0.4).sort((x, y) => y - x));
    const bins = binsOver([many]);
    const counts = bins && countInBins(many, bins);
    expect(bins?.count).toBeLessThanOrEqual(40);
    expect(counts?.wrong.reduce((sum, count) => sum + count, 0)).toBe(500);
  });
});
