import { expect, test } from 'vitest';
import { compared, comparedLines } from '../../../scripts/bench/compare.ts';

const run = (resnet: number, rounds: number[]) => ({
  machine: { cores: 2, processor: 'some' },
  extraction: {
    results: [
      { model: 'resnet50', batches: [{ batch: 4, wall: resnet }] },
      { model: 'other', batches: [{ batch: 4, wall: rounds }] },
    ],
  },
});

test('numbers of two runs are found by name, whatever the order, and lists count by their median', () => {
  const before = run(100, [1, 50, 3]);
  const now = run(50, [3, 4, 90]);
  now.extraction.results.reverse();
  expect(compared(before, now)).toEqual([
    { what: 'machine.cores', before: 2, now: 2 },
    { what: 'extraction.results[other].batches[4].batch', before: 4, now: 4 },
    { what: 'extraction.results[other].batches[4].wall', before: 3, now: 4 },
    { what: 'extraction.results[resnet50].batches[4].batch', before: 4, now: 4 },
    { what: 'extraction.results[resnet50].batches[4].wall', before: 100, now: 50 },
  ]);
});

test('what one of them lacks is left out, and the greatest change stands first', () => {
  const lines = comparedLines(compared({ a: 4, b: 10, gone: 1 }, { a: 5, b: 5, came: 2 }));
  expect(lines).toEqual(['b: 10.00 → 5.000 (× 0.50)', 'a: 4.000 → 5.000 (× 1.25)']);
});
