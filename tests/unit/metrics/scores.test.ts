import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { similaritySource } from '../../../src/math/similarity.ts';
import { exactTopK } from '../../../src/math/topk.ts';
import { measureExact } from '../../../src/metrics/exact.ts';
import { codeLabels } from '../../../src/metrics/labels.ts';
import { measureRankings } from '../../../src/metrics/measures.ts';
import { measureColumns, score, summarise } from '../../../src/metrics/scores.ts';
import { finish } from '../math/finish.ts';

const rankings = (rows: number[][]) => {
  const k = rows[0]?.length ?? 1;
  return { rows: Int32Array.from(rows.flat()), similarities: new Float32Array(rows.length * k), k };
};

describe('score', () => {
  const galleryLabels = ['apple', 'pear', 'apple', 'pear'];
  const ranked = rankings([
    [0, 2, 1, 3], // apple: hits at 1, 2
    [1, 0, 2, 3], // apple: 2, 3
    [0, 2, 1, 3], // pear: 3, 4
    [0, 1, 2, 3], // no label
    [0, 1, 2, 3], // not in the gallery
  ]);
  const queryLabels = ['apple', 'apple', 'pear', null, 'plum'];

  it('averages what was counted by hand, over queries and over classes', () => {
    const scores = score({ rankings: ranked, queryLabels, galleryLabels, ks: [1, 2, 3], seed: 0 });
    expect(scores.queries).toBe(3);
    expect(scores.skipped).toBe(2);
    expect(scores.topk).toEqual({ 1: 1 / 3, 2: 2 / 3, 3: 1 });
    expect(scores.precision[2]).toBeCloseTo((1 + 1 / 2 + 0) / 3, 14);
    expect(scores.mapAtR).toBeCloseTo((1 + 1 / 4 + 0) / 3, 14);
    expect(scores.rPrecision).toBeCloseTo((1 + 1 / 2 + 0) / 3, 14);
    expect(scores.mrr).toBeCloseTo((1 + 1 / 2 + 1 / 3) / 3, 14);
    expect(scores.medianRank).toBe(2);
    // Apples average over their two queries first, then count as much as pears.
    expect(scores.macro.topk).toEqual({ 1: 1 / 4, 2: 1 / 2, 3: 1 });
    expect(scores.macro.mapAtR).toBeCloseTo((5 / 8 + 0) / 2, 14);
    expect(scores.macro.mrr).toBeCloseTo((3 / 4 + 1 / 3) / 2, 14);
  });

  it('has intervals around the shares, the same for the same seed', () => {
    const all = { rankings: ranked, queryLabels, galleryLabels, ks: [1, 3], seed: 4 };
    const scores = score(all);
    expect(scores.ci95['1']?.[0]).toBe(0);
    expect(scores.ci95['1']?.[1]).toBe(1);
    expect(scores.ci95['3']).toEqual([1, 1]);
    expect(scores.mrrCi95[0]).toBeLessThan(scores.mrr);
    expect(scores.mrrCi95[1]).toBeGreaterThan(scores.mrr);
    expect(score(all)).toEqual(scores);
  });

  it('says that nothing counted', () => {
    const scores = score({
      rankings: ranked,
      queryLabels: queryLabels.map(() => null),
      galleryLabels,
      ks: [1],
      seed: 0,
    });
    expect(scores).toMatchObject({ queries: 0, skipped: 5, topk: { 1: 0 }, mapAtR: 0, ci95: { 1: [0, 0] } });
  });

  it('takes a first hit beyond the ranking for not found', () => {
    const scores = score({
      rankings: rankings([[2, 3]]),
      queryLabels: ['pear'],
      galleryLabels: ['pear', 'apple', 'apple', 'apple'],
      ks: [1],
      seed: 0,
    });
    expect(scores).toMatchObject({ mrr: 0, medianRank: Number.POSITIVE_INFINITY, topk: { 1: 0 } });
  });
});

/** Embeddings and labels of a small gallery and some queries, with ties, unknown and missing classes. */
const cases = fc.record({ n: fc.integer({ min: 1, max: 25 }), m: fc.integer({ min: 1, max: 6 }) }).chain(({ n, m }) => {
  const label = fc.constantFrom('a', 'b', 'c', null);
  const numbers = (rows: number) =>
    fc.array(fc.integer({ min: -2, max: 2 }), { minLength: rows * 3, maxLength: rows * 3 });
  return fc.record({
    gallery: numbers(n).map((values) => Float32Array.from(values)),
    queries: numbers(m).map((values) => Float32Array.from(values)),
    galleryLabels: fc.array(label, { minLength: n, maxLength: n }),
    queryLabels: fc.array(label, { minLength: m, maxLength: m }),
  });
});
const ks = [1, 2, 3, 7, 40];

describe('measureExact', () => {
  it('equals measuring the full ranking', () => {
    fc.assert(
      fc.property(cases, ({ gallery, queries, galleryLabels, queryLabels }) => {
        const labels = codeLabels(queryLabels, galleryLabels);
        const full = finish(exactTopK(gallery, queries, 3, 40)).result;
        expect(finish(measureExact(similaritySource(gallery, queries, 3), labels, ks)).result).toEqual(
          measureRankings(full, labels, ks),
        );
      }),
    );
  });

  it('finds the first hit far behind R and every k', () => {
    // The query is most like the rows of the other class; its own class comes last, and of two equals the first counts.
    const gallery = Float32Array.of(0.1, 0.9, 0.8, 0.1, 0.7, 0.6);
    const labels = codeLabels(['b'], ['b', 'a', 'a', 'b', 'a', 'a']);
    const measures = finish(measureExact(similaritySource(gallery, Float32Array.of(1), 1), labels, [1])).result;
    expect(measures.firstHitRank[0]).toBe(5);
  });

  it('refuses labels that are not those of the images', () => {
    const labels = codeLabels(['a'], ['a']);
    expect(() =>
      finish(measureExact(similaritySource(new Float32Array(2), new Float32Array(1), 1), labels, [1])),
    ).toThrow(/as many labels/);
  });
});

describe('summarise', () => {
  it('keeps shares within 0 and 1, and top-k accuracy growing with k', () => {
    fc.assert(
      fc.property(cases, ({ gallery, queries, galleryLabels, queryLabels }) => {
        const labels = codeLabels(queryLabels, galleryLabels);
        const measures = finish(measureExact(similaritySource(gallery, queries, 3), labels, ks)).result;
        const scores = summarise(measures, labels.query, { seed: 0, resamples: 20 });
        const topk = ks.map((k) => scores.topk[k] ?? Number.NaN);
        const { mapAtR, rPrecision, mrr, macro } = scores;
        const shares = [...topk, ...Object.values(scores.precision), mapAtR, rPrecision, mrr];
        for (const share of [...shares, ...Object.values(macro.topk), macro.mapAtR, macro.mrr]) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
        }
        expect(topk).toEqual([...topk].sort((a, b) => a - b));
        expect(mapAtR).toBeLessThanOrEqual(rPrecision);
        for (const [low, high] of Object.values(scores.ci95)) expect(low).toBeLessThanOrEqual(high);
        // The first k = 40 holds the whole gallery: whoever counts has a hit there.
        expect(topk.at(-1)).toBe(scores.queries > 0 ? 1 : 0);
        expect(scores.queries + scores.skipped).toBe(queryLabels.length);
        expect(measureColumns(measures).mrr).toHaveLength(scores.queries);
      }),
    );
  });
});
