import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/math/random.ts';
import { cutoffFor, precisionCurve } from '../../../src/metrics/cutoff.ts';

const judged = (...pairs: readonly (readonly [similarity: number, right: 0 | 1])[]) => ({
  similarities: Float32Array.from(pairs, ([similarity]) => similarity),
  right: Uint8Array.from(pairs, ([, right]) => right),
});

describe('the precision above a similarity', () => {
  it('counts by hand, equal similarities together', () => {
    const curve = precisionCurve(judged([0.75, 1], [0.5, 0], [0.5, 1], [0.5, 1], [0.25, 0]));
    expect(curve).toEqual({
      similarities: Float32Array.of(0.75, 0.5, 0.25),
      kept: Int32Array.of(1, 4, 5),
      right: Int32Array.of(1, 3, 3),
    });
  });

  it('is empty where there is no neighbour', () => {
    const curve = precisionCurve(judged());
    expect(curve.kept).toHaveLength(0);
    expect(cutoffFor(curve, 0.5)).toBeNull();
  });
});

describe('the cut-off', () => {
  it('hides least: of all similarities that are enough, it is the lowest', () => {
    // Precision downwards: 1, 1/2, 2/3, 3/4, 3/5.
    const curve = precisionCurve(judged([0.875, 1], [0.75, 0], [0.625, 1], [0.5, 1], [0.375, 0]));
    expect(cutoffFor(curve, 0.75)).toEqual({ similarity: 0.5, kept: 4, precision: 0.75 });
    expect(cutoffFor(curve, 0.9)).toEqual({ similarity: 0.875, kept: 1, precision: 1 });
    expect(cutoffFor(curve, 0.6)).toEqual({ similarity: 0.375, kept: 5, precision: 0.6 });
  });

  it('never parts equal similarities, though the first of them would do', () => {
    // Without the tie rule, 0.5 would keep one right neighbour and have a precision of 1.
    expect(cutoffFor(precisionCurve(judged([0.5, 1], [0.5, 0], [0.25, 0])), 0.9)).toBeNull();
    expect(cutoffFor(precisionCurve(judged([0.5, 1], [0.5, 0], [0.25, 0])), 0.5)?.kept).toBe(2);
  });

  it('is null where it is never reached, and the lowest of all where all are right', () => {
    expect(cutoffFor(precisionCurve(judged([0.75, 0], [0.5, 1])), 0.75)).toBeNull();
    expect(cutoffFor(precisionCurve(judged([0.75, 1], [0.5, 1])), 0.95)).toEqual({
      similarity: 0.5,
      kept: 2,
      precision: 1,
    });
  });

  it('takes exactly 19 of 20 for 95 %', () => {
    const twenty = Array.from({ length: 20 }, (_, at) => [1 - at / 32, at === 3 ? 0 : 1] as const);
    expect(cutoffFor(precisionCurve(judged(...twenty)), 0.95)?.kept).toBe(20);
  });

  it('agrees with trying every similarity', () => {
    const random = seededRandom(9);
    const pairs = Array.from({ length: 300 }, () => {
      const similarity = Math.fround(random.below(60) / 64);
      return [similarity, random.uniform() < similarity ? 1 : 0] as const;
    }).sort(([x], [y]) => y - x);
    const curve = precisionCurve(judged(...pairs));
    for (const wanted of [0.5, 0.6, 0.75, 0.9, 0.95]) {
      const enough = pairs.filter(([similarity]) => {
        const above = pairs.filter(([other]) => other >= similarity);
        return above.filter(([, right]) => right === 1).length / above.length >= wanted - 1e-9;
      });
      const lowest = enough.at(-1)?.[0] ?? null;
      expect(cutoffFor(curve, wanted)?.similarity ?? null).toBe(lowest);
    }
  });
});
