import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SMALLEST_DIVIDED_CLASS, splitTraining } from '../../../src/data/splits.ts';

/** Labels of classes of these sizes, in mixed order. */
function labelsOf(sizes: readonly number[]): Int32Array {
  const labels = sizes.flatMap((size, label) => Array.from({ length: size }, () => label));
  return Int32Array.from(labels, (_, i) => labels[(i * 7919) % labels.length] ?? 0);
}

const sizes = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 12 });

describe('splitTraining', () => {
  it('puts every row into exactly one part, whatever the classes', () => {
    fc.assert(
      fc.property(sizes, fc.nat(1000), (sizes, seed) => {
        const labels = labelsOf(sizes);
        const { fit, gallery, query } = splitTraining(labels, sizes.length, seed);
        const rows = [...fit, ...gallery, ...query].sort((a, b) => a - b);
        expect(rows).toEqual(Array.from(labels.keys()));
      }),
    );
  });

  it('divides each class 70 : 20 : 10 as nearly as whole images allow, and leaves small ones whole', () => {
    fc.assert(
      fc.property(sizes, fc.nat(1000), (sizes, seed) => {
        // 7919 shares no factor with a length below it, so that the mixed labels are a permutation.
        const labels = labelsOf(sizes);
        const split = splitTraining(labels, sizes.length, seed);
        const count = (rows: Int32Array, label: number) => rows.filter((row) => labels[row] === label).length;
        sizes.forEach((size, label) => {
          const [fit, gallery, query] = [split.fit, split.gallery, split.query].map((rows) => count(rows, label));
          if (size < SMALLEST_DIVIDED_CLASS) {
            expect([fit, gallery, query]).toEqual([size, 0, 0]);
            expect(split.undividedClasses.includes(label)).toBe(size > 0);
          } else {
            expect(gallery).toBe(Math.max(1, Math.round(0.2 * size)));
            expect(query).toBe(Math.max(1, Math.round(0.1 * size)));
            expect(fit).toBeGreaterThanOrEqual(size / 2);
            expect(split.undividedClasses).not.toContain(label);
          }
        });
      }),
    );
  });

  it('depends on the seed alone', () => {
    const labels = labelsOf([30, 30, 30]);
    expect(splitTraining(labels, 3, 5)).toEqual(splitTraining(labels.slice(), 3, 5));
    expect(splitTraining(labels, 3, 5).query).not.toEqual(splitTraining(labels, 3, 6).query);
  });

  it('takes a hundred thousand images of one class', () => {
    const { fit, gallery, query } = splitTraining(new Int32Array(100_000), 1, 0);
    expect([fit.length, gallery.length, query.length]).toEqual([70_000, 20_000, 10_000]);
  });

  it('refuses a label out of range', () => {
    expect(() => splitTraining(Int32Array.of(0, 2), 2, 0)).toThrow('Training image 2 has the class 2 of 2.');
    expect(() => splitTraining(Int32Array.of(-1), 2, 0)).toThrow(/class -1/);
  });
});
