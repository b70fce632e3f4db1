import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  afterKey,
  type Edges,
  frameWords,
  isInside,
  isWhole,
  movedBy,
  resizedBy,
  SMALLEST,
  seenPart,
  WHOLE,
} from '../../../src/ui/search/crop/frame.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });
/** Frames as they can be drawn. */
const frames = fc.tuple(share, share, share, share).map(([x, y, width, height]) => {
  const [across, down] = [SMALLEST + width * (1 - SMALLEST), SMALLEST + height * (1 - SMALLEST)];
  return { x: x * (1 - across), y: y * (1 - down), width: across, height: down };
});
const edges: fc.Arbitrary<Edges> = fc.constantFrom<Edges>(
  { left: true },
  { right: true },
  { top: true, left: true },
  { bottom: true, right: true },
  { top: true, right: true },
);
const by = fc.double({ min: -2, max: 2, noNaN: true });

test('a frame stays in its picture and keeps an inside, however far it is dragged', () => {
  fc.assert(
    fc.property(frames, edges, by, by, (frame, which, dx, dy) => {
      expect(isInside(resizedBy(frame, which, dx, dy))).toBe(true);
      const moved = movedBy(frame, dx, dy);
      expect(isInside(moved)).toBe(true);
      expect([moved.width, moved.height]).toEqual([frame.width, frame.height]);
    }),
  );
});

test('a dragged edge takes the pointer’s way, the opposite one stays', () => {
  const frame = { x: 0.2, y: 0.2, width: 0.5, height: 0.5 };
  const corner = resizedBy(frame, { left: true, top: true }, 0.1, -0.1);
  expect(corner.x).toBeCloseTo(0.3);
  expect(corner.x + corner.width).toBeCloseTo(0.7);
  expect(corner.y).toBeCloseTo(0.1);
  expect(corner.y + corner.height).toBeCloseTo(0.7);
});

test('arrow keys move, with Shift they change the size, other keys do nothing', () => {
  const frame = { x: 0.2, y: 0.2, width: 0.5, height: 0.5 };
  expect(afterKey(frame, 'ArrowRight', false)).toEqual({ ...frame, x: 0.22 });
  expect(afterKey(frame, 'ArrowUp', true)?.height).toBeCloseTo(0.48);
  expect(afterKey(WHOLE, 'ArrowRight', true)).toEqual(WHOLE);
  expect(afterKey(frame, 'Enter', false)).toBeNull();
});

test('the network sees the middle square of the frame', () => {
  const seen = seenPart({ x: 0.5, y: 0, width: 0.5, height: 1 }, 0.5, { width: 400, height: 100 });
  // A square of 50 pixels in the middle of the right half.
  expect(seen).toEqual({ x: 275 / 400, y: 0.25, width: 50 / 400, height: 0.5 });
  expect(seenPart(WHOLE, null, { width: 3, height: 2 })).toEqual(WHOLE);
});

test('what is said of the frame', () => {
  expect(frameWords(null)).toBe('Whole image');
  expect(isWhole(WHOLE)).toBe(true);
  expect(frameWords({ x: 0.1, y: 0.29, width: 0.58, height: 0.5 })).toBe(
    '58 % of the width and 50 % of the height, 10 % from the left and 29 % from the top',
  );
});
