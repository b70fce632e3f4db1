import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groupFolds, largestGroup } from '../../../src/core/held-out-groups.ts';

/** Labels and groups of classes, each given by the sizes of its groups. */
function made(classes: readonly (readonly number[])[]) {
  const labels: number[] = [];
  const groups: number[] = [];
  let group = 0;
  classes.forEach((sizes, label) => {
    for (const size of sizes) {
      for (let i = 0; i < size; i++) {
        labels.push(label);
        groups.push(group);
      }
      group++;
    }
  });
  return { labels: Int32Array.from(labels), groups: Int32Array.from(groups) };
}

test('four groups of six make two whole folds, and the third learns from all', () => {
  const { labels, groups } = made([[6, 6, 6, 6]]);
  const folds = groupFolds(labels, groups, 3);
  expect(folds.map(({ training, halves }) => [training.length, ...halves.map(({ length }) => length)])).toEqual([
    [12, 6, 6],
    [12, 6, 6],
    [24, 0, 0],
  ]);
});

test('the next class starts with the next fold', () => {
  const { labels, groups } = made([
    [6, 6, 6, 6],
    [6, 6, 6, 6],
    [6, 6, 6, 6],
  ]);
  expect(groupFolds(labels, groups, 3).map(({ training }) => training.length)).toEqual([48, 48, 48]);
});

test.each([1, 4, 5, 24, 25, 1000])('of %i images, no group holds more than a quarter', (images) => {
  expect(largestGroup(images)).toBe(Math.max(1, Math.floor(images / 4)));
});

test('a group is never on two sides, every row is learned from or held out, and a class with a question has an answer', () => {
  const classes = fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 }), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(classes, fc.integer({ min: 2, max: 4 }), (sizes, count) => {
      const { labels, groups } = made(sizes);
      const held = new Map<number, number>();
      for (const { training, halves } of groupFolds(labels, groups, count)) {
        const sides = [training, ...halves];
        expect(sides.flatMap((rows) => [...rows]).sort((a, b) => a - b)).toEqual([...labels.keys()]);
        const sideOf = new Map<number, number>();
        sides.forEach((rows, side) => {
          for (const row of rows) {
            const group = groups[row] ?? -1;
            expect(sideOf.get(group) ?? side).toBe(side);
            sideOf.set(group, side);
            if (side > 0) held.set(row, (held.get(row) ?? 0) + 1);
          }
        });
        const [learned, asked, searched] = sides.map((rows) => new Set([...rows].map((row) => labels[row])));
        expect(searched).toEqual(asked);
        for (const label of asked ?? []) expect(learned).toContain(label);
      }
      labels.forEach((label, row) => {
        const divided = (sizes[label]?.length ?? 0) >= 4;
        expect(held.get(row) ?? 0).toBe(divided ? 1 : 0);
      });
    }),
  );
});
