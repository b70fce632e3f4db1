import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/math/random.ts';
import { inksOf } from '../../../src/ui/dashboard/map/class-colours.ts';
import { paint, pointSize, type Scene } from '../../../src/ui/dashboard/map/paint.ts';
import { pointPainter } from '../../../src/ui/dashboard/map/points-gl.ts';
import { makeStamps } from '../../../src/ui/dashboard/map/stamps.ts';
import { paintSimply } from '../../simple-stamping.ts';

const SIZE = { width: 120, height: 80 };
const view = { x: 0, y: 0, scale: 40 };
const inks = inksOf('#101010', '#777777', '#ffffff');
const scene: Scene = {
  // Left, middle, right; a dot, a square, a triangle. The last is not shown.
  positions: Float32Array.of(-1, 0, 0, 0.5, 1, -0.5, 0, -0.5),
  shapes: Uint8Array.of(0, 1, 2, 0),
  colours: Uint8Array.of(0, 3, 10, 1),
  shown: Uint32Array.of(0, 1, 2),
  selected: new Set(),
  emphasised: null,
  described: null,
};
/** In the middle of each of the four, two pixels beside it, and where nothing is. */
const places = [20, 60, 100, 60].map((x, i) => [x, [40, 20, 60, 60][i] ?? 0] as const);
const looked = [...places, ...places.map(([x, y]) => [x + 2, y] as const), [20, 70] as const, [65, 20] as const];

function canvasOf(): HTMLCanvasElement {
  return Object.assign(document.createElement('canvas'), SIZE);
}

function colours(canvas: HTMLCanvasElement): number[][] {
  const context = new OffscreenCanvas(SIZE.width, SIZE.height).getContext('2d');
  if (context === null) throw new Error('This browser draws on no canvas.');
  context.drawImage(canvas, 0, 0);
  return looked.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data.subarray(0, 3)]);
}

test('a card draws the points where and as they are painted by hand', ({ skip }) => {
  const byCard = canvasOf();
  const painter = pointPainter(byCard, true);
  if (painter === null) return skip('There is no WebGL2.');
  const byHand = canvasOf();
  const context = byHand.getContext('2d');
  if (context === null) throw new Error('This browser draws on no canvas.');
  for (const shown of [scene, { ...scene, emphasised: new Set([1]) }]) {
    painter.paint(shown, view, SIZE, 1, inks);
    const drawn = colours(byCard);
    paint(context, shown, view, SIZE, makeStamps(inks, 1), inks);
    const painted = colours(byHand);
    drawn.forEach((colour, i) => {
      const apart = Math.max(...colour.map((value, c) => Math.abs(value - (painted[i]?.[c] ?? 0))));
      expect(apart, `at ${looked[i]}: ${colour} instead of ${painted[i]}`).toBeLessThan(30);
    });
  }
  expect(painter.alive()).toBe(true);
  painter.close();
});

test.for([1, 1.25, 2])('each pixel is what the plain loop makes it, at %d pixels to a CSS pixel', (density) => {
  const random = seededRandom(5);
  const points = 3000;
  const many: Scene = {
    // Over all edges.
    positions: Float32Array.from({ length: 2 * points }, () => random.gaussian()),
    shapes: Uint8Array.from({ length: points }, () => random.below(3)),
    colours: Uint8Array.from({ length: points }, () => random.below(11)),
    shown: Uint32Array.from({ length: points - 100 }, (_, i) => points - 1 - i),
    selected: new Set(),
    emphasised: null,
    described: null,
  };
  const every = new Set(Array.from({ length: points / 7 }, (_, i) => 7 * i));
  const [quick, simple] = [0, 1].map(() =>
    new OffscreenCanvas(SIZE.width * density, SIZE.height * density).getContext('2d', { willReadFrequently: true }),
  );
  if (!quick || !simple) throw new Error('This browser draws on no canvas.');
  const { width, height } = quick.canvas;
  // One canvas for all, as on the screen: each frame starts from the one before.
  for (const scale of [pointSize(points), pointSize(100_000)]) {
    const stamps = makeStamps(inks, density, scale);
    for (const shown of [many, { ...many, emphasised: every }, { ...many, selected: every, described: 4 }]) {
      for (const seen of [view, { x: 0.1234, y: -0.4321, scale: 77 }]) {
        paint(quick, shown, seen, SIZE, stamps, inks);
        paintSimply(simple, simple.createImageData(width, height), shown, seen, SIZE, stamps, inks);
        const drawn = new Uint32Array(quick.getImageData(0, 0, width, height).data.buffer);
        const expected = new Uint32Array(simple.getImageData(0, 0, width, height).data.buffer);
        expect(drawn.findIndex((word, i) => word !== expected[i])).toBe(-1);
        expect(new Set(drawn).size).toBeGreaterThan(50);
      }
    }
  }
});
