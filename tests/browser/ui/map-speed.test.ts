import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/math/random.ts';
import { inksOf } from '../../../src/ui/dashboard/map/class-colours.ts';
import { paint, pointSize, type Scene } from '../../../src/ui/dashboard/map/paint.ts';
import { makeStamps } from '../../../src/ui/dashboard/map/stamps.ts';
import { fitted } from '../../../src/ui/dashboard/map/view.ts';
import { paintSimply } from '../../simple-stamping.ts';

const size = { width: 1000, height: 600 };

/** Milliseconds of the quickest of many frames: other programs only ever make one slower. */
function quickest(scene: Scene, density: number): number {
  return Math.min(...times(scene, density, [paint]).flat());
}

/** Of each way to paint in turn, the milliseconds of its frames. */
function times(scene: Scene, density: number, ways: readonly (typeof paint)[]): number[][] {
  const canvas = document.createElement('canvas');
  canvas.width = size.width * density;
  canvas.height = size.height * density;
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  if (context === null) throw new Error('This browser draws on no canvas.');
  const inks = inksOf('#111', '#777', '#fff');
  const stamps = makeStamps(inks, density, pointSize(scene.shown.length));
  const view = fitted(scene.positions, size);
  const frames = Array.from({ length: 60 }, (_, frame) =>
    ways.map((way) => {
      const start = performance.now();
      way(context, scene, { ...view, x: view.x + frame / 100 }, size, stamps, inks);
      // Makes the browser carry out what it was told.
      context.getImageData(0, 0, 1, 1);
      return performance.now() - start;
    }),
  );
  return ways.map((_, i) => frames.map((each) => each[i] ?? Number.NaN));
}

function sceneOf(points: number): Scene {
  const random = seededRandom(0);
  return {
    positions: Float32Array.from({ length: points * 2 }, () => random.gaussian() / 3),
    shapes: Uint8Array.from({ length: points }, () => random.below(3)),
    colours: Uint8Array.from({ length: points }, () => random.below(11)),
    shown: Uint32Array.from({ length: points }, (_, i) => i),
    selected: new Set(),
    emphasised: null,
    described: null,
  };
}

test('10,000 points are painted within a frame of 60 a second, chosen or not', () => {
  const scene = sceneOf(10_000);
  const all = quickest(scene, 1);
  const some = quickest({ ...scene, selected: new Set(Array.from({ length: 150 }, (_, i) => i)), described: 4 }, 1);
  const fine = quickest(scene, 2);
  expect(all).toBeLessThan(1000 / 60);
  expect(some).toBeLessThan(1000 / 60);
  // Four times as many pixels, in a software canvas.
  expect(fine).toBeLessThan(1000 / 20);
});

test('100,000 points are painted within a frame of 30 a second, in three quarters of the plain loop’s time at most', () => {
  const scene = sceneOf(100_000);
  const image = new ImageData(size.width, size.height);
  const plainly: typeof paint = (context, ...rest) => paintSimply(context, image, ...rest);
  const [quick = [], plain = []] = times(scene, 1, [paint, plainly]);
  expect(Math.min(...quick)).toBeLessThan(1000 / 30);
  expect(Math.min(...quick) / Math.min(...plain)).toBeLessThan(0.75);
});
