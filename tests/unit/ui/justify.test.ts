import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { justify, justifyGroups, moveInRows } from '../../../src/ui/search/justify.ts';

const GAP = 12;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('a justified grid', () => {
  test('holds every image once, in order, in rows that fill the width but the last', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.05, max: 20, noNaN: true }), { maxLength: 100 }),
        fc.integer({ min: 200, max: 2000 }),
        (ratios, width) => {
          const rows = justify(ratios, width, 190, GAP);
          expect(sum(rows.map((row) => row.widths.length))).toBe(ratios.length);
          for (const [at, row] of rows.entries()) {
            expect(row.first).toBe(sum(rows.slice(0, at).map((before) => before.widths.length)));
            const filled = sum(row.widths) + (row.widths.length - 1) * GAP;
            expect(filled).toBeLessThanOrEqual(width + 1e-6);
            if (at < rows.length - 1) expect(filled).toBeCloseTo(width, 6);
            expect(row.height).toBeLessThanOrEqual(190 + 1e-9);
          }
        },
      ),
    );
  });

  test('tiles of one shape stand in columns, those of a last row that is not full, too', () => {
    const [full, last] = justify([1, 1, 1, 1, 1], 400, 190, GAP);
    expect(full?.widths).toEqual(Array(3).fill((400 - 2 * GAP) / 3));
    expect(last?.widths).toEqual(full?.widths.slice(0, 2));
    expect(justify([1], 400, 190, GAP)[0]?.height).toBe(190);
  });

  test('an arrow upwards or downwards goes to the nearest centre', () => {
    // Two wide images over four square ones, and one that hangs over.
    const rows = justify([2, 2, 1, 1, 1, 1, 1], 400 + GAP, 100, GAP);
    expect(rows.map((row) => row.widths.length)).toEqual([2, 4, 1]);
    expect(moveInRows(rows, 0, 'down', GAP)).toBe(2);
    expect(moveInRows(rows, 1, 'down', GAP)).toBe(4);
    expect(moveInRows(rows, 5, 'up', GAP)).toBe(1);
    expect(moveInRows(rows, 5, 'down', GAP)).toBe(6);
    expect(moveInRows(rows, 6, 'down', GAP)).toBe(6);
    expect(moveInRows(rows, 0, 'up', GAP)).toBe(0);
    expect(moveInRows(rows, 0, 'left', GAP)).toBe(0);
    expect(moveInRows(rows, 1, 'right', GAP)).toBe(2);
    expect(moveInRows(rows, 3, 'first', GAP)).toBe(0);
    expect(moveInRows(rows, 3, 'last', GAP)).toBe(6);
  });
});

test('groups stand in rows of their own, and their positions go on', () => {
  const groups = justifyGroups([[1, 1, 1], [1], [1, 1]], 210, 100, 5);
  expect(groups.map((rows) => rows.map(({ first, widths }) => [first, widths.length]))).toEqual([
    [[0, 3]],
    [[3, 1]],
    [[4, 2]],
  ]);
  const rows = groups.flat();
  // From the last of the first group to the only one of the second.
  expect(moveInRows(rows, 2, 'right', 5)).toBe(3);
  expect(moveInRows(rows, 3, 'down', 5)).toBe(4);
});
