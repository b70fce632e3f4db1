import { expect, test } from 'vitest';
import { strangeClasses } from '../../../src/app/comparison/heads.ts';

const images = [{ className: 'Lemon' }, { className: 'Lime' }, { className: null }];

test('a head of classes none of which the data set has is told, and no other', () => {
  expect(strangeClasses(['A', 'B', 'C', 'D'], images)).toMatch(
    /^none of the classes .* \("A", "B", "C", …\) is in this data set/,
  );
  expect(strangeClasses(['A', 'Lime'], images)).toBeNull();
  expect(strangeClasses(['A', 'B'], [{ className: null }])).toBeNull();
});
