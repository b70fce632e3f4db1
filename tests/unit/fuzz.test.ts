import { expect, test } from 'vitest';
import { fuzzCase } from '../fuzz/case.ts';

/** A few of what `npm run fuzz` tries by the hour, the same ones each time. */
test('damaged files of every kind are refused by a sentence or read, without a large allocation', async () => {
  const faults: string[] = [];
  const targets = new Set<string>();
  for (let number = 0; number < 300; number++) {
    const each = fuzzCase(1, number);
    targets.add(each.target);
    const fault = await each.run();
    if (fault !== null) faults.push(`${each.target} ${number}: ${fault}`);
  }
  expect(faults).toEqual([]);
  expect(targets.size).toBe(10);
});

test('a case is the same again', () => {
  expect(fuzzCase(7, 3).bytes).toEqual(fuzzCase(7, 3).bytes);
  expect(fuzzCase(7, 3).bytes).not.toEqual(fuzzCase(8, 3).bytes);
});
