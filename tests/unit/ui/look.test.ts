import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { everyQuery } from '../../../src/core/look.ts';
import { parseLookAddress, rank, withFilter } from '../../../src/ui/dashboard/look/look-address.ts';
import {
  LETTER_WIDTH,
  layoutLook,
  PART_GAP,
  TILE_GAP,
  WORDS_WIDTH,
} from '../../../src/ui/dashboard/look/look-layout.ts';
import { type LookCell, type LookGrid, moveInLook } from '../../../src/ui/dashboard/look/look-moves.ts';
import { placeOf } from '../../../src/ui/dashboard/look/look-order.ts';

describe('the address', () => {
  test('is read back as it was written, and leaves other parameters alone', () => {
    const filter = {
      outcome: 'b-only',
      at: 5,
      from: 2,
      to: 30,
      className: 'bread & butter',
      order: 'hardest',
    } as const;
    const written = withFilter('tab=look&neighbours=20&a=run~1', filter);
    expect(parseLookAddress(written)).toEqual({ filter, neighbours: 20, query: null, copy: 1 });
    expect(new URLSearchParams(written).get('a')).toBe('run~1');
  });

  test('says nothing of what is as usual', () => {
    const narrowed = withFilter('tab=look', { ...everyQuery, outcome: 'wrong', className: 'kiwi' });
    expect(narrowed).toBe('tab=look&class=kiwi&outcome=wrong');
    expect(withFilter(narrowed, everyQuery)).toBe('tab=look');
  });

  test('takes what it does not know for what is usual', () => {
    const read = parseLookAddress('outcome=sideways&at=7&from=-1&to=two&order=random&neighbours=1000&query=zz&copy=0');
    expect(read).toEqual({ filter: everyQuery, neighbours: 10, query: null, copy: 1 });
  });

  test('a rank is a whole number from 1', () => {
    expect(['1', ' 12 ', '0', '-3', '1.5', '1e3', '', '99999999'].map(rank)).toEqual([
      1,
      12,
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('the layout', () => {
  const widths = fc.integer({ min: 280, max: 2000 });
  const ks = fc.constantFrom(5, 10, 20);
  const runs = fc.constantFrom<1 | 2>(1, 2);

  test('shows all neighbours within the width, none too small to see', () => {
    fc.assert(
      fc.property(widths, ks, runs, (width, k, count) => {
        const { columns, tile, strip, wide, query, row } = layoutLook(width, k, count);
        const lines = Math.ceil(k / columns);
        const used = columns * tile + (columns - 1) * TILE_GAP;
        const beside = wide ? query + WORDS_WIDTH + (count === 2 ? LETTER_WIDTH : 0) + 3 * PART_GAP : 0;
        expect(used + beside).toBeLessThanOrEqual(width);
        expect(tile).toBeGreaterThanOrEqual(40);
        expect(strip).toBe(lines * tile + (lines - 1) * TILE_GAP);
        expect(row).toBeGreaterThan(count * strip);
      }),
    );
  });

  test('ten neighbours are one line where there is room, and two on a phone', () => {
    expect(layoutLook(1200, 10, 1)).toMatchObject({ wide: true, columns: 10 });
    expect(layoutLook(358, 10, 1)).toMatchObject({ wide: false, columns: 5 });
  });
});

describe('the arrow keys', () => {
  // Three queries by two runs; B gave the last one a single neighbour.
  const grid: LookGrid = { rows: 3, strips: 2, count: (row, strip) => (row === 2 && strip === 1 ? 1 : 4) };
  const walk = (from: LookCell, ...keys: string[]): LookCell =>
    keys.reduce((cell, key) => moveInLook(key.replace('^', ''), key.startsWith('^'), cell, grid) ?? cell, from);
  const query = { row: 0, strip: 0, column: 0 };

  test('lead along a ranking and stop at its ends', () => {
    expect(walk(query, 'ArrowLeft')).toEqual(query);
    expect(walk(query, 'ArrowRight', 'ArrowRight')).toEqual({ row: 0, strip: 0, column: 2 });
    expect(walk(query, 'End')).toEqual({ row: 0, strip: 0, column: 4 });
    expect(walk(query, 'End', 'ArrowRight', 'Home')).toEqual(query);
  });

  test('lead from query to query, and from ranking to ranking', () => {
    expect(walk(query, 'ArrowDown', 'ArrowDown', 'ArrowUp')).toEqual({ row: 1, strip: 0, column: 0 });
    const second = walk(query, 'ArrowRight', 'ArrowRight');
    expect(walk(second, 'ArrowDown')).toEqual({ row: 0, strip: 1, column: 2 });
    expect(walk(second, 'ArrowDown', 'ArrowDown')).toEqual({ row: 1, strip: 0, column: 2 });
    expect(walk(second, 'ArrowDown', 'ArrowDown', 'ArrowUp', 'ArrowUp')).toEqual(second);
  });

  test('land on the nearest neighbour that exists', () => {
    expect(walk({ row: 2, strip: 0, column: 4 }, 'ArrowDown')).toEqual({ row: 2, strip: 1, column: 1 });
  });

  test('lead far: five queries at once, to the first and to the last cell', () => {
    expect(walk(query, 'PageDown')).toEqual({ row: 2, strip: 0, column: 0 });
    expect(walk(query, '^End')).toEqual({ row: 2, strip: 1, column: 1 });
    expect(walk(query, '^End', '^Home')).toEqual(query);
  });

  test('other keys lead nowhere', () => expect(moveInLook('a', false, query, grid)).toBeNull());
});

test('an open query knows the ones before and after it among those that fit', () => {
  const fitting = Int32Array.of(7, 3, 9);
  expect(placeOf(fitting, 7)).toEqual({ at: 0, before: null, after: 3 });
  expect(placeOf(fitting, 9)).toEqual({ at: 2, before: 3, after: null });
  expect(placeOf(fitting, 4)).toEqual({ at: -1, before: null, after: null });
});
