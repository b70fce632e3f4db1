import fc from 'fast-check';
import { expect, test } from 'vitest';
import { marginFor, stampPoints } from '../../../src/ui/dashboard/map/stamping.ts';
import type { Stamps } from '../../../src/ui/dashboard/map/stamps.ts';
import { stampSimply } from '../../simple-stamping.ts';

const REACH = 5;
const DENSITY = 1;
const SHAPES = 2;
const COLOURS = 3;

/** A picture of any pixels in any order of covers but opaque ones first, as stamps are cut out. */
const picture = fc
  .uniqueArray(
    fc.record({
      column: fc.integer({ min: -REACH, max: REACH }),
      row: fc.integer({ min: -REACH, max: REACH }),
      word: fc.integer({ min: 0, max: 0xffffffff }),
      cover: fc.oneof(fc.constant(256), fc.integer({ min: 1, max: 255 })),
    }),
    { minLength: 1, maxLength: 20, selector: ({ column, row }) => `${column} ${row}` },
  )
  .map((found) => {
    const pixels = found.sort((a, b) => b.cover - a.cover);
    return {
      offsets: Int8Array.from(pixels.flatMap(({ column, row }) => [column, row])),
      words: Uint32Array.from(pixels, ({ word, cover }) => (cover === 256 ? word | 0xff000000 : word)),
      covers: Uint16Array.from(pixels, ({ cover }) => cover),
      opaque: pixels.filter(({ cover }) => cover === 256).length,
      reach: Math.max(...pixels.flatMap(({ column, row }) => [Math.abs(column), Math.abs(row)])),
    };
  });

const kinds = <T>(of: fc.Arbitrary<T>, n: number) => fc.array(of, { minLength: n, maxLength: n });

/** From where nothing of a stamp is in sight, over the edges. */
const place = (side: number) =>
  fc
    .record({ pixel: fc.integer({ min: -REACH - 1, max: side + REACH + 1 }), part: fc.constantFrom(-0.4, 0, 0.3) })
    .map(({ pixel, part }) => pixel + part);

const scene = fc
  .record({ width: fc.integer({ min: 1, max: 14 }), height: fc.integer({ min: 1, max: 14 }) })
  .chain(({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      points: fc.array(
        fc.record({
          x: place(width),
          y: place(height),
          shape: fc.nat(SHAPES - 1),
          colour: fc.nat(COLOURS - 1),
        }),
        { minLength: 1, maxLength: 30 },
      ),
    }),
  );

test('whatever the stamps and wherever the points, each pixel is what the plain loop makes it', () => {
  fc.assert(
    fc.property(
      kinds(kinds(picture, COLOURS), SHAPES),
      scene,
      fc.constantFrom(0.4, 0.16),
      (pictures, { width, height, points }, opacity) => {
        const stamps: Stamps = { density: DENSITY, stamps: pictures, surface: 0xffe0d0c0 };
        const margin = marginFor(DENSITY);
        const stride = width + 2 * margin;
        const lists = {
          // The map's y points up.
          positions: Float32Array.from(points.flatMap(({ x, y }) => [x, -y])),
          shapes: Uint8Array.from(points, ({ shape }) => shape),
          colours: Uint8Array.from(points, ({ colour }) => colour),
        };
        const order = Uint32Array.from(points.keys());
        const half = order.length >> 1;
        const words = new Uint32Array(stride * (height + 2 * margin)).fill(stamps.surface);
        const plain = { width, height, words: new Uint32Array(width * height).fill(stamps.surface) };
        const projection = { perUnit: 1, middleX: 0, middleY: 0 };
        // What was laid out for a wider sheet or another opacity must not be used again.
        const wider = new Uint32Array((stride + 1) * (height + 2 * margin));
        stampPoints({ width: width + 1, height, margin, words: wider }, stamps, lists, order, projection, opacity);
        for (const [part, seen] of [
          [order.subarray(0, half), opacity],
          [order.subarray(half), 1],
        ] as const) {
          stampPoints({ width, height, margin, words }, stamps, lists, part, projection, seen);
          for (const point of part) {
            const left = Math.round(lists.positions[2 * point] ?? 0);
            const top = Math.round(-(lists.positions[2 * point + 1] ?? 0));
            stampSimply(plain, stamps, lists.shapes[point] ?? 0, lists.colours[point] ?? 0, left, top, seen);
          }
        }
        const shown = Array.from({ length: height }, (_, row) => {
          const start = (row + margin) * stride + margin;
          return [...words.subarray(start, start + width)];
        });
        expect(shown.flat()).toEqual([...plain.words]);
      },
    ),
    { numRuns: 400 },
  );
});
