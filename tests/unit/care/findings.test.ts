import { describe, expect, it } from 'vitest';
import { careFindings, nearPairs, outliers } from '../../../src/care/findings.ts';
import { wrongLabels } from '../../../src/care/wrong-labels.ts';
import { nearestByComponents, nearestOthers } from '../../../src/math/nearest-by-components.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { dot } from '../../../src/math/similarity.ts';
import { normaliseRows } from '../../../src/math/vectors.ts';
import { finish } from '../math/finish.ts';

const D = 48;
const CLASSES = 5;

/** Unit rows about the directions of their classes, in turn. */
function labelled(n: number, seed: number, spread = 0.6) {
  const random = seededRandom(seed);
  const centres = Float32Array.from({ length: CLASSES * D }, () => random.gaussian());
  const rows = Float32Array.from({ length: n * D }, (_, i) => {
    const label = Math.floor(i / D) % CLASSES;
    return (centres[label * D + (i % D)] ?? 0) + spread * random.gaussian();
  });
  return { rows: normaliseRows(rows, D), labels: Int32Array.from({ length: n }, (_, row) => row % CLASSES) };
}

const neighboursOf = (rows: Float32Array, k = 12) => finish(nearestByComponents(rows, D, k, 0)).result;

describe('nearestByComponents', () => {
  it('finds nearly all neighbours, with their similarities in the full space', () => {
    const { rows } = labelled(400, 1, 1);
    const found = neighboursOf(rows, 10);
    const exact = finish(nearestOthers(rows, D, 10)).result;
    let hits = 0;
    for (let row = 0; row < 400; row++) {
      const mine = found.rows.subarray(row * 10, row * 10 + 10);
      const wanted = new Set(exact.rows.subarray(row * 10, row * 10 + 10));
      hits += mine.filter((other) => wanted.has(other)).length;
      expect(mine).not.toContain(row);
      mine.forEach((other, rank) => {
        expect(found.similarities[row * 10 + rank]).toBe(dot(rows, rows, row * D, other * D, D));
      });
    }
    expect(hits / 4000).toBeGreaterThan(0.95);
  });

  it('is exact search where the space is small', () => {
    const { rows } = labelled(50, 2);
    expect(finish(nearestByComponents(rows, D, 5, 0)).result).toEqual(finish(nearestOthers(rows, D, 5)).result);
  });
});

describe('nearPairs', () => {
  it('names each pair once, the nearest first, and none below the threshold', () => {
    const { rows } = labelled(120, 3);
    const neighbours = neighboursOf(rows);
    const pairs = nearPairs(neighbours, 0.6);
    expect(pairs.length).toBeGreaterThan(50);
    expect(new Set(pairs.map(({ a, b }) => `${a} ${b}`)).size).toBe(pairs.length);
    for (const [i, { a, b, similarity }] of pairs.entries()) {
      expect(a).toBeLessThan(b);
      expect(similarity).toBe(dot(rows, rows, a * D, b * D, D));
      expect(similarity).toBeGreaterThanOrEqual(0.6);
      expect(similarity).toBeLessThanOrEqual(pairs[i - 1]?.similarity ?? 1.01);
    }
  });
});

describe('wrongLabels', () => {
  it.each([1, 2, 3])('finds labels that were changed, with the class they had (seed %i)', (seed) => {
    const { rows, labels } = labelled(200, seed);
    const random = seededRandom(seed, 1);
    const changed = labels.slice();
    const wrong = random.shuffle(Array.from({ length: 200 }, (_, row) => row)).slice(0, 10);
    for (const row of wrong) changed[row] = ((labels[row] ?? 0) + 1 + random.below(CLASSES - 1)) % CLASSES;
    const found = finish(wrongLabels(rows, D, changed, CLASSES)).result;
    expect(found.map(({ row }) => row).sort((a, b) => a - b)).toEqual([...wrong].sort((a, b) => a - b));
    for (const { row, suggested, score } of found) {
      expect(suggested).toBe(labels[row]);
      expect(score).toBeGreaterThan(0.5);
      expect(score).toBeLessThanOrEqual(1);
    }
  });

  it('suspects nothing where labels are right, nor what has none', () => {
    const { rows, labels } = labelled(150, 4);
    const partly = labels.map((label, row) => (row % 3 === 0 ? -1 : label));
    expect(finish(wrongLabels(rows, D, labels, CLASSES)).result).toEqual([]);
    expect(finish(wrongLabels(rows, D, partly, CLASSES)).result).toEqual([]);
  });

  it('finds them where images differ more in other ways than by their class, as look-alike classes do', () => {
    const random = seededRandom(8);
    const n = 300;
    const labels = Int32Array.from({ length: n }, (_, row) => row % CLASSES);
    // Ten directions of light and pose, and a class that shows in one of the others, faintly.
    const rows = normaliseRows(
      Float32Array.from({ length: n * D }, (_, i) => {
        const [row, d] = [Math.floor(i / D), i % D];
        return (d < 10 ? 1 : 0.05) * random.gaussian() + (d === 20 + (labels[row] ?? 0) ? 0.5 : 0);
      }),
      D,
    );
    const changed = labels.slice();
    const wrong = random.shuffle([...labels.keys()]).slice(0, 15);
    for (const row of wrong) changed[row] = ((labels[row] ?? 0) + 1 + random.below(CLASSES - 1)) % CLASSES;
    const found = finish(wrongLabels(rows, D, changed, CLASSES)).result;
    expect(new Set(found.slice(0, 15).map(({ row }) => row))).toEqual(new Set(wrong));
    expect(found.slice(0, 15).every(({ row, suggested }) => suggested === labels[row])).toBe(true);
  });

  it('judges an image by what the others say, whatever its own label is', () => {
    const { rows, labels } = labelled(60, 9, 1);
    /** What the fit of all others says: the image has no label. */
    const margins = [1, 2, 3, 4].map((off) => {
      const changed = labels.slice();
      changed[5] = ((labels[5] ?? 0) + off) % CLASSES;
      const own = finish(wrongLabels(rows, D, changed, CLASSES)).result.find(({ row }) => row === 5);
      return { suggested: own?.suggested, label: changed[5], score: own?.score };
    });
    for (const { suggested } of margins) expect(suggested).toBe(labels[5]);
    // p(suggested) is the same in all, so that scores differ as the labels' own p do: together they are one distribution.
    const sum = margins.reduce((total, { score = 0 }) => total + score, 0);
    const suggested = (1 + sum) / CLASSES;
    const others = margins.map(({ score = 0 }) => suggested - score);
    expect(suggested + others.reduce((total, p) => total + p, 0)).toBeCloseTo(1, 6);
  });

  it('does not learn from the image itself: what is alone in its class is judged by the others', () => {
    const { rows, labels } = labelled(100, 5);
    const changed = labels.slice();
    changed[7] = CLASSES;
    const [only, ...others] = finish(wrongLabels(rows, D, changed, CLASSES + 1)).result;
    expect(others).toEqual([]);
    expect(only).toMatchObject({ row: 7, suggested: labels[7] });
  });
});

describe('outliers', () => {
  it('puts first what lies apart, whatever the order of the rows', () => {
    const { rows } = labelled(100, 6, 0.3);
    const random = seededRandom(6, 2);
    const apart = [11, 42, 77];
    for (const row of apart) for (let d = 0; d < D; d++) rows[row * D + d] = random.gaussian();
    const unit = normaliseRows(rows, D);
    const found = outliers(neighboursOf(unit), 5);
    expect(found).toHaveLength(100);
    expect(new Set(found.slice(0, 3).map(({ row }) => row))).toEqual(new Set(apart));
  });
});

it('of one image and of none there is nothing to say', () => {
  for (const n of [0, 1]) {
    const { rows, labels } = labelled(n, 7);
    expect(finish(careFindings(rows, D, labels, CLASSES, 0)).result).toEqual({ pairs: [], suspects: [], outliers: [] });
  }
});

it('says how far it is from its first steps on: components take most of the time', () => {
  const [n, dimensions] = [600, 512];
  const random = seededRandom(7);
  const rows = normaliseRows(
    Float32Array.from({ length: n * dimensions }, () => random.gaussian()),
    dimensions,
  );
  const labels = Int32Array.from({ length: n }, (_, row) => row % 3);
  const shares: number[] = [];
  for (const steps = careFindings(rows, dimensions, labels, 3, 0); ; ) {
    const step = steps.next();
    if (step.done) break;
    shares.push(step.value);
  }
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  expect(shares.filter((share) => share > 0 && share < 0.7).length).toBeGreaterThan(4);
  expect(shares.at(-1)).toBeLessThanOrEqual(1);
});
