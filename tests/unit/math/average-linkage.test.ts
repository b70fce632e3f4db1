import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { averageLinkage } from '../../../src/math/average-linkage.ts';

/** By the definition: the two clusters of the greatest mean similarity become one, again and again. */
function byDefinition(similarities: readonly (readonly number[])[], largest: number): number[][] {
  type Node = { readonly rows: number[]; readonly sides: readonly Node[] };
  let nodes: Node[] = similarities.map((_, row) => ({ rows: [row], sides: [] }));
  const meanOf = (a: Node, b: Node) => {
    const all = a.rows.flatMap((i) => b.rows.map((j) => similarities[i]?.[j] ?? 0));
    return all.reduce((sum, value) => sum + value, 0) / all.length;
  };
  while (nodes.length > 1) {
    let best = { value: Number.NEGATIVE_INFINITY, pair: [nodes[0] as Node, nodes[1] as Node] as const };
    for (const [i, a] of nodes.entries()) {
      for (const b of nodes.slice(i + 1)) if (meanOf(a, b) > best.value) best = { value: meanOf(a, b), pair: [a, b] };
    }
    const [a, b] = best.pair;
    nodes = [...nodes.filter((node) => node !== a && node !== b), { rows: [...a.rows, ...b.rows], sides: [a, b] }];
  }
  const cut = (node: Node): number[][] => (node.rows.length <= largest ? [node.rows] : node.sides.flatMap(cut));
  return nodes.flatMap(cut).map((rows) => rows.sort((a, b) => a - b));
}

const asGroups = (of: Int32Array): number[][] => {
  const groups: number[][] = [];
  of.forEach((group, row) => {
    groups[group] = [...(groups[group] ?? []), row];
  });
  return groups;
};
const byFirst = (groups: number[][]) => groups.toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0));

describe('average linkage', () => {
  it('finds what belongs together, and numbers it by its first row', () => {
    // Rows 0, 2, 4 and 1, 3, 5.
    const near = Float32Array.from({ length: 36 }, (_, i) => (Math.floor(i / 6) % 2 === (i % 6) % 2 ? 0.9 : 0.2));
    expect([...averageLinkage(near, 6, 3)]).toEqual([0, 1, 0, 1, 0, 1]);
    expect([...averageLinkage(Float32Array.of(1), 1, 1)]).toEqual([0]);
  });

  it('is that of the definition, and no group is too large', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 14 }),
        fc.integer({ min: 1, max: 6 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 1_000_000 })),
        (n, largest, numbers) => {
          const rows = Array.from({ length: n }, () => new Array<number>(n).fill(1));
          for (let i = 0; i < n; i++) {
            for (let j = 0; j < i; j++) {
              // Different, since the order of equals is not part of the definition.
              const value = Math.fround((Number(numbers.next().value) + (i * n + j) / 1000) / 1_000_001);
              (rows[i] as number[])[j] = value;
              (rows[j] as number[])[i] = value;
            }
          }
          const groups = asGroups(averageLinkage(Float32Array.from(rows.flat()), n, largest));
          expect(groups).toEqual(byFirst(byDefinition(rows, largest)));
          expect(Math.max(...groups.map(({ length }) => length))).toBeLessThanOrEqual(largest);
        },
      ),
    );
  });

  it('ends where all are equal', () => {
    const groups = averageLinkage(new Float32Array(400).fill(0.5), 20, 5);
    expect(Math.max(...asGroups(groups).map(({ length }) => length))).toBeLessThanOrEqual(5);
  });

  it('refuses what is no square', () => {
    expect(() => averageLinkage(new Float32Array(5), 2, 1)).toThrow(/2 rows/);
  });
});
