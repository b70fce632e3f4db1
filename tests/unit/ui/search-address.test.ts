import { expect, test } from 'vitest';
import { parseCrop, sameCrop, writeCrop } from '../../../src/ui/search/search-address.ts';

test('a crop frame is read from the address as it was written', () => {
  const frame = { x: 0.25, y: 0.123456, width: 0.5, height: 0.3 };
  expect(writeCrop(frame)).toBe('0.25,0.1235,0.5,0.3');
  expect(parseCrop(writeCrop(frame))).toEqual({ ...frame, y: 0.1235 });
  expect(sameCrop(frame, parseCrop(writeCrop(frame)))).toBe(true);
  expect(sameCrop(frame, null)).toBe(false);
});

test('only a frame that could have been drawn is read', () => {
  const none = [
    null,
    '',
    '1',
    '0,0,0,0',
    '0,0,1,1,1',
    '0.6,0,0.5,1',
    '-0.1,0,0.5,1',
    'a,b,c,d',
    'NaN,0,1,1',
    '0,0,9,1',
  ];
  for (const wrong of none) expect([wrong, parseCrop(wrong)]).toEqual([wrong, null]);
});
