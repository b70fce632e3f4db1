import { describe, expect, it } from 'vitest';
import {
  calibrate,
  certainties,
  classPosteriors,
  fitScale,
  posteriors,
  unfitted,
} from '../../../src/heads/posterior.ts';
import { seededRandom } from '../../../src/math/random.ts';

const C = 4;

/** Images whose labels are drawn from softmax(scale · cos). */
function drawn(n: number, scale: number, seed = 1) {
  const random = seededRandom(seed);
  const cosines = Float32Array.from({ length: n * C }, () => 2 * random.uniform() - 1);
  const p = posteriors(cosines, C, scale);
  const labels = Int32Array.from({ length: n }, (_, i) => {
    let left = random.uniform();
    for (let c = 0; c < C - 1; c++) {
      left -= p[i * C + c] ?? 0;
      if (left < 0) return c;
    }
    return C - 1;
  });
  return { cosines, labels };
}

/** Members side by side, a row an image. */
function beside(n: number, ...members: readonly Float32Array[]): Float32Array {
  return Float32Array.from({ length: n * members.length * C }, (_, i) => {
    const image = Math.floor(i / (members.length * C));
    const member = Math.floor(i / C) % members.length;
    return members[member]?.[image * C + (i % C)] ?? 0;
  });
}

describe('the scale', () => {
  it('that made the labels is found again, and the careful one is a little smaller', () => {
    for (const scale of [6, 12, 30]) {
      const { cosines, labels } = drawn(4000, scale);
      const { likeliest, careful } = fitScale(cosines, C, labels);
      expect(Math.abs(Math.log(likeliest / scale))).toBeLessThan(0.15);
      expect(careful).toBeLessThanOrEqual(likeliest);
      expect(careful).toBeGreaterThan(0.7 * scale);
    }
  });

  it('is the more careful the fewer images there are', () => {
    const few = drawn(60, 12, 3);
    const many = drawn(6000, 12, 3);
    const ratio = ({ cosines, labels }: typeof few) => {
      const { likeliest, careful } = fitScale(cosines, C, labels);
      return careful / likeliest;
    };
    expect(ratio(few)).toBeLessThan(ratio(many));
  });

  it('stays within its bounds, whatever is asked of it', () => {
    const cosines = Float32Array.of(0.2, 0, 0, 0, 0, 0.2, 0, 0);
    expect(fitScale(cosines, C, Int32Array.of(0, 1)).likeliest).toBe(64);
    expect(fitScale(cosines, C, Int32Array.of(1, 0))).toEqual({ likeliest: 4, careful: 4 });
  });
});

describe('a calibration', () => {
  it('has a scale a member, each by itself, and one floor', () => {
    const n = 500;
    const sure = drawn(n, 30);
    const flat = sure.cosines.map((cosine) => cosine / 4);
    const { scales, floor } = calibrate(beside(n, sure.cosines, flat), 2, C, sure.labels);
    expect(scales).toEqual([fitScale(sure.cosines, C, sure.labels).careful, fitScale(flat, C, sure.labels).careful]);
    const best = Array.from({ length: n }, (_, i) =>
      Math.max(...Array.from({ length: C }, (_, c) => 0.625 * (sure.cosines[i * C + c] ?? 0))),
    ).sort((a, b) => a - b);
    expect(floor).toBeGreaterThanOrEqual((best[199] ?? 0) - 1e-6);
    expect(floor).toBeLessThanOrEqual((best[200] ?? 0) + 1e-6);
  });

  it('is refused without images, of other images, and of labels out of range', () => {
    expect(() => calibrate(new Float32Array(), 1, C, new Int32Array())).toThrow(/not those of 0 images/);
    expect(() => calibrate(new Float32Array(2 * C), 2, C, Int32Array.of(0, 1))).toThrow(/not those of 2 images/);
    expect(() => calibrate(new Float32Array(C), 1, C, Int32Array.of(C))).toThrow(/none of the 4 classes/);
  });
});

describe('posteriors of a model', () => {
  const n = 30;
  const [a, b] = [drawn(n, 12, 5).cosines, drawn(n, 12, 6).cosines];

  it('are the mean of its members’, and sum to 1', () => {
    const known = classPosteriors(beside(n, a, b), C, { scales: [8, 20], floor: null });
    const [ofA, ofB] = [posteriors(a, C, 8), posteriors(b, C, 20)];
    known.forEach((value, i) => {
      expect(value).toBeCloseTo(((ofA[i] ?? 0) + (ofB[i] ?? 0)) / 2, 6);
    });
    for (let row = 0; row < n; row++) {
      expect([...known.subarray(row * C, (row + 1) * C)].reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    }
    expect(classPosteriors(a, C, { ...unfitted(1), floor: null })).toEqual(posteriors(a, C, 12));
  });

  it('fade in an open gallery as their best mean cosine does', () => {
    const [open, closed] = [0.4, null].map((floor) => classPosteriors(beside(n, a, b), C, { scales: [8, 20], floor }));
    const mean = a.map((cosine, i) => (cosine + (b[i] ?? 0)) / 2);
    const known = certainties(mean, C, 0.4);
    expect(new Set(known).size).toBeGreaterThan(3);
    open?.forEach((value, i) => {
      expect(value).toBeCloseTo((closed?.[i] ?? 0) * (known[Math.floor(i / C)] ?? 0), 6);
    });
  });

  it('of an image count for nothing at the floor, and in full from 0.1 above', () => {
    const cosines = Float32Array.of(0.2, 0.3, 0.4, 0.1, 0.45, 0, 0.1, 0.2, 0.5, 0, 0, 0.1, 0.9, 0, 0, 0.1);
    const known = certainties(cosines, C, 0.4);
    [0, 0.5, 1, 1].forEach((certainty, i) => {
      expect(known[i]).toBeCloseTo(certainty, 5);
    });
    expect([...certainties(cosines, C, -1)]).toEqual([1, 1, 1, 1]);
  });

  it('are refused of other members', () => {
    expect(() => classPosteriors(a.subarray(1), C, { scales: [8, 20], floor: null })).toThrow(/no matrix/);
  });
});
