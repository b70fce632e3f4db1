import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/math/random.ts';
import { firstSlots, type MapClass, mapClasses, toggled } from '../../../src/ui/dashboard/map/class-colours.ts';
import { groupLabels, LABEL_HEIGHT, placedLabels } from '../../../src/ui/dashboard/map/group-labels.ts';
import { groupNames } from '../../../src/ui/dashboard/map/map-words.ts';
import { thumbnailsInSight } from '../../../src/ui/dashboard/map/thumbnails.ts';
import {
  fitted,
  moved,
  nearestPoint,
  normalised,
  pointsInside,
  toCanvas,
  toMap,
  zoomed,
} from '../../../src/ui/dashboard/map/view.ts';

const size = { width: 600, height: 400 };
const view = { x: 0.3, y: -0.2, scale: 150 };

describe('the view of a map', () => {
  it('puts any layout into a box about 0, keeping its proportions', () => {
    expect([...normalised(Float32Array.of(10, 5, 14, 6, 12, 7))]).toEqual([-1, -0.5, 1, 0, 0, 0.5]);
    expect([...normalised(Float32Array.of(3, 3))]).toEqual([0, 0]);
  });

  it('stretches one axis to fill a frame, and no farther than twice', () => {
    const square = Float32Array.of(0, 0, 2, 2, 1, 0);
    expect([...normalised(square, { width: 300, height: 200 })]).toEqual(
      [-1, -2 / 3, 1, 2 / 3, 0, -2 / 3].map(Math.fround),
    );
    expect([...normalised(square, { width: 100, height: 100 })]).toEqual([-1, -1, 1, 1, 0, -1]);
    expect([...normalised(square, { width: 100, height: 900 })]).toEqual([-0.5, -1, 0.5, 1, 0, -1]);
    // All in one column: nothing can be stretched.
    expect([...normalised(Float32Array.of(1, 0, 1, 4), { width: 300, height: 200 })]).toEqual([0, -1, 0, 1]);
  });

  it('fits all points with room around them, whatever the canvas’s shape', () => {
    const positions = Float32Array.of(-1, -0.25, 1, 0.5, 0, 0);
    const fit = fitted(positions, { width: 600, height: 400 });
    expect(toCanvas(fit, size, { x: -1, y: 0.125 })).toEqual({ x: 24, y: 200 });
    expect(toCanvas(fit, size, { x: 1, y: 0.125 }).x).toBeCloseTo(576, 6);
    expect(toCanvas(fit, size, { x: 0, y: 0.5 }).y).toBeLessThan(200);
  });

  it('finds the place under a pointer again', () => {
    const place = toCanvas(view, size, { x: 0.7, y: 0.1 });
    const again = toMap(view, size, place);
    expect(again.x).toBeCloseTo(0.7, 9);
    expect(again.y).toBeCloseTo(0.1, 9);
  });

  it('zooms about the pointer and follows a drag', () => {
    const at = { x: 100, y: 320 };
    const under = toMap(view, size, at);
    const closer = zoomed(view, size, 3, at);
    expect(closer.scale).toBe(450);
    expect(toMap(closer, size, at).x).toBeCloseTo(under.x, 9);
    expect(toMap(closer, size, at).y).toBeCloseTo(under.y, 9);
    const dragged = toMap(moved(view, 30, -40), size, { x: 130, y: 280 });
    expect(dragged.x).toBeCloseTo(under.x, 9);
    expect(dragged.y).toBeCloseTo(under.y, 9);
    expect(zoomed(view, size, 1e9, at).scale).toBeLessThanOrEqual(100_000);
  });
});

describe('points of a map', () => {
  const positions = Float32Array.of(0, 0, 0.5, 0.5, -0.5, 0.5, 0.02, 0);
  const all = Uint32Array.of(0, 1, 2, 3);
  const middle = { x: 0, y: 0, scale: 100 };

  it('picks the nearest one that is shown and near enough', () => {
    expect(nearestPoint(positions, all, middle, size, { x: 300, y: 200 }, 10)).toBe(0);
    expect(nearestPoint(positions, all, middle, size, { x: 303, y: 200 }, 10)).toBe(3);
    expect(nearestPoint(positions, Uint32Array.of(1, 2), middle, size, { x: 300, y: 200 }, 10)).toBe(null);
    expect(nearestPoint(positions, Uint32Array.of(1, 2), middle, size, { x: 310, y: 200 }, 500)).toBe(1);
  });

  it('takes what lies inside an outline, and not what lies in its hollow', () => {
    const box = [
      { x: -1, y: -1 },
      { x: 1, y: -1 },
      { x: 1, y: 1 },
      { x: -1, y: 1 },
    ];
    expect(pointsInside(box, positions, all)).toEqual([0, 1, 2, 3]);
    expect(pointsInside(box, positions, Uint32Array.of(2))).toEqual([2]);
    // A U about the middle: its arms hold the upper two.
    const hollow = [
      { x: -0.8, y: 0.8 },
      { x: -0.8, y: -0.5 },
      { x: 0.8, y: -0.5 },
      { x: 0.8, y: 0.8 },
      { x: 0.3, y: 0.8 },
      { x: 0.3, y: -0.2 },
      { x: -0.3, y: -0.2 },
      { x: -0.3, y: 0.8 },
    ];
    expect(pointsInside(hollow, positions, all)).toEqual([1, 2]);
    expect(pointsInside([], positions, all)).toEqual([]);
  });
});

describe('thumbnails in place of points', () => {
  const random = seededRandom(3);
  const scattered = (n: number) => Float32Array.from({ length: 2 * n }, () => random.uniform() * 2 - 1);
  const every = (n: number) => Uint32Array.from({ length: n }, (_, i) => i);
  const whole = { x: 0, y: 0, scale: 190 };

  it('come once few enough are in sight, larger the fewer, and none lies over another', () => {
    const many = scattered(5000);
    expect(thumbnailsInSight(many, every(5000), whole, size)).toBe(null);
    const far = thumbnailsInSight(many, every(5000), { ...whole, scale: 1600 }, size);
    const near = thumbnailsInSight(many, every(5000), { ...whole, scale: 3200 }, size);
    if (!far || !near) throw new Error('No thumbnails are shown.');
    expect(near.side).toBeGreaterThan(far.side);
    expect(far.side).toBeGreaterThanOrEqual(28);
    const places = far.points.map((point) =>
      toCanvas({ ...whole, scale: 1600 }, size, { x: many[2 * point] ?? 0, y: many[2 * point + 1] ?? 0 }),
    );
    expect(places.length).toBeGreaterThan(20);
    places.forEach((one, i) => {
      for (const other of places.slice(0, i)) {
        expect(Math.max(Math.abs(one.x - other.x), Math.abs(one.y - other.y))).toBeGreaterThanOrEqual(far.side);
      }
    });
  });

  it('are there at once where there are few images, and only of those that are shown', () => {
    const few = scattered(40);
    const shown = thumbnailsInSight(few, Uint32Array.of(3, 7, 9), whole, size);
    expect(shown?.points.every((point) => [3, 7, 9].includes(point))).toBe(true);
    expect(shown?.side).toBe(88);
  });
});

describe('names on the map', () => {
  it('stand in the middle of what is shown of a group, whatever lies far off', () => {
    const places = Float32Array.of(0, 0, 0.2, 0.1, 0.1, 0.2, 9, 9, 5, 5);
    const groups = ['a', 'a', 'a', 'b', null];
    const labels = groupLabels(['a', 'b', 'c'], groups, places, Uint32Array.of(0, 1, 2, 4));
    expect(labels.map(({ name }) => name)).toEqual(['a']);
    expect(labels[0]?.at.x).toBeCloseTo(0.1, 6);
    expect(labels[0]?.at.y).toBeCloseTo(0.1, 6);
  });

  it('stand over the middle; of two that would cover each other the first does', () => {
    const wanted = [
      { text: 'a', at: { x: 300, y: 200 }, width: 60 },
      { text: 'b', at: { x: 340, y: 206 }, width: 60 },
      { text: 'c', at: { x: 2, y: 2 }, width: 60 },
    ];
    expect(placedLabels(wanted, size, 0, [])).toEqual([
      { text: 'a', x: 300, y: 184, width: 60 },
      { text: 'c', x: 30, y: 10, width: 60 },
    ]);
  });

  it('do not lie under the buttons at the top right', () => {
    const [label] = placedLabels([{ text: 'c', at: { x: 598, y: 40 }, width: 60 }], size, 0, []);
    expect(label).toBeDefined();
    const right = (label?.x ?? 0) + 30;
    const top = (label?.y ?? 0) - LABEL_HEIGHT / 2;
    expect(right <= size.width - 44 || top >= 108).toBe(true);
    expect(right).toBeLessThanOrEqual(size.width);
  });

  it('move out of the way of pictures as far as needed, and stay where there is no better place', () => {
    const wanted = [{ text: 'a', at: { x: 300, y: 200 }, width: 60 }];
    const covered = (places: readonly { x: number; y: number }[], side: number) =>
      placedLabels(wanted, size, side, places).map(({ x, y }) =>
        places.filter(
          (place) => Math.abs(place.x - x) < (60 + side) / 2 && Math.abs(place.y - y) < (LABEL_HEIGHT + side) / 2,
        ),
      );
    const around = [-40, 0, 40].flatMap((x) => [-40, 0, 40].map((y) => ({ x: 300 + x, y: 200 + y })));
    expect(covered(around, 36)).toEqual([[]]);
    const [near] = placedLabels(wanted, size, 36, around);
    expect(Math.hypot((near?.x ?? 0) - 300, (near?.y ?? 0) - 200)).toBeLessThan(110);
    const everywhere = Array.from({ length: 150 }, (_, i) => ({ x: 40 * (i % 15), y: 40 * Math.floor(i / 15) }));
    expect(placedLabels(wanted, size, 40, everywhere)).toEqual([{ text: 'a', x: 300, y: 184, width: 60 }]);
  });

  it('are those of clusters until all of one is of one class', () => {
    const images = ['x', 'x', null, 'y', 'z'].map((className, i) => ({ path: `${i}`, className }));
    expect(groupNames(images, null)).toEqual(['x', 'x', null, 'y', 'z']);
    const of = new Map([0, 0, 1, 1].map((cluster, i) => [`${i}`, cluster]));
    expect(groupNames(images, of)).toEqual(['x', 'x', 'Cluster 2', 'Cluster 2', null]);
  });
});

describe('colours of classes', () => {
  it('lists the largest first, by name among equals, unknown last', () => {
    const classes = mapClasses(['b', null, 'a', 'c', 'c', null, null]);
    expect(classes).toEqual([
      { className: 'c', points: 2 },
      { className: 'a', points: 1 },
      { className: 'b', points: 1 },
      { className: null, points: 3 },
    ]);
  });

  it('leaves clusters in their places when they are named, whatever they are called and however large they are', () => {
    const places = [0, 0, 1, 1, 2, 2, 2];
    const order = (...names: readonly string[]) =>
      mapClasses(
        places.map((place) => names[place] ?? null),
        places,
      ).map(({ className }) => className);
    expect(order('Cluster 1', 'Cluster 2', 'Cluster 3')).toEqual(['Cluster 1', 'Cluster 2', 'Cluster 3']);
    expect(order('zebra', 'Cluster 2', 'apple')).toEqual(['zebra', 'Cluster 2', 'apple']);
    // Two of one name are one, where the first was.
    expect(order('zebra', 'Cluster 2', 'zebra')).toEqual(['zebra', 'Cluster 2']);
  });

  it('gives ten a colour, and a freed one to the next, without moving the others', () => {
    const classes = Array.from({ length: 14 }, (_, i): MapClass => ({ className: `class ${i}`, points: 20 - i }));
    const slots = firstSlots(classes);
    expect(slots).toHaveLength(10);
    expect(toggled(slots, 'class 12')).toEqual(slots);
    const freed = toggled(slots, 'class 3');
    expect(freed[3]).toBe(null);
    const next = toggled(freed, 'class 12');
    expect(next).toEqual(slots.map((name, slot) => (slot === 3 ? 'class 12' : name)));
    expect(firstSlots([{ className: null, points: 4 }])).toEqual(new Array(10).fill(null));
  });
});
