import { expect, it } from 'vitest';
import { eighthsFor, failureKind, PIXEL_LIMIT, withRoomFor } from '../../../src/data/decode.ts';
import { mapAhead } from '../../../src/data/lanes.ts';
import { AppError, type ErrorCode } from '../../../src/errors.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it('holds no more pixels than there is room for, a large image alone, and loses none', async () => {
  let held = 0;
  let most = 0;
  const together: number[] = [];
  const images = [10e6, 12e6, 9e6, PIXEL_LIMIT, 5e6, 31e6, 2e6, PIXEL_LIMIT, 1];
  const done = await Promise.all(
    images.map((pixels) =>
      withRoomFor(pixels, async () => {
        held += pixels;
        most = Math.max(most, held);
        if (pixels === PIXEL_LIMIT) together.push(held);
        await pause(2);
        held -= pixels;
        return pixels;
      }),
    ),
  );
  expect(done).toEqual(images);
  expect(together).toEqual([PIXEL_LIMIT, PIXEL_LIMIT]);
  expect(most).toBe(PIXEL_LIMIT);
});

it('gives the room back after a failure', async () => {
  for (let i = 0; i < 3; i += 1) {
    await expect(withRoomFor(30e6, () => Promise.reject(new Error('damaged')))).rejects.toThrow('damaged');
  }
  expect(await withRoomFor(30e6, async () => 'next')).toBe('next');
});

it('maps in order with a bounded number under way', async () => {
  let underWay = 0;
  let most = 0;
  const results = await mapAhead([5, 1, 3, 1, 2], 3, async (ms, index) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await pause(ms);
    underWay -= 1;
    return index * 10;
  });
  expect(results).toEqual([0, 10, 20, 30, 40]);
  expect(most).toBe(3);
  expect(await mapAhead([], 3, async () => 1)).toEqual([]);
});

it('decodes a JPEG to the fewest eighths that keep enough of its shorter side, and no more than half', () => {
  expect(eighthsFor({ width: 4032, height: 3024 }, 640)).toBe(2);
  expect(eighthsFor({ width: 3024, height: 4032 }, 640)).toBe(2);
  expect(eighthsFor({ width: 12_000, height: 9000 }, 640)).toBe(1);
  expect(eighthsFor({ width: 1280, height: 1280 }, 640)).toBe(4);
  expect(eighthsFor({ width: 1280, height: 1279 }, 640)).toBeNull();
  expect(eighthsFor({ width: 4032, height: 3024 }, Number.POSITIVE_INFINITY)).toBeNull();
});

it('a file that is gone is not called empty, although its size is 0, too', () => {
  const kind = (size: number, code: ErrorCode) => failureKind({ size }, new AppError(code, ''));
  expect(kind(0, 'files-gone')).toBe('unreadable');
  expect(kind(9, 'files-gone')).toBe('unreadable');
  expect(kind(0, 'image-undecodable')).toBe('empty-file');
  expect(kind(9, 'image-undecodable')).toBe('undecodable');
});
