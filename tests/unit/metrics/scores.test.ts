import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { similaritySource } from '../../../src/math/similarity.ts';
import { exactTopK } from '../../../src/math/topk.ts';
import { measureExact } from '../../../src/metrics/exact.ts';
import { wilsonInterval } from '../../../src/metrics/intervals.ts';
import { codeLabels } from '../../../src/metrics/labels.ts';
import { measureRankings } from '../../../src/metrics/query-metrics.ts';
import { type MetricKey, metricOf, metricsAt } from '../../../src/metrics/registry.ts';
import { score, scoreOf, summarise } from '../../../src/metrics/scores.ts';
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
    expect(scores).toMatchObject({ queries: 3, skipped: 2, topk: { 1: 1 / 3, 2: 2 / 3, 3: 1 } });
    const of = (key: MetricKey) => scores?.metrics?.[key];
    expect(of('top2')?.value).toBe(scores?.topk['2']);
    expect(of('precision2')?.value).toBeCloseTo((1 + 1 / 2 + 0) / 3, 14);
    expect(of('mapAtR')?.value).toBeCloseTo((1 + 1 / 4 + 0) / 3, 14);
    expect(scores?.mapAtR).toBe(of('mapAtR')?.value);
    expect(of('rPrecision')?.value).toBeCloseTo((1 + 1 / 2 + 0) / 3, 14);
    expect(of('mrr')?.value).toBeCloseTo((1 + 1 / 2 + 1 / 3) / 3, 14);
    expect(scores?.mrr).toBe(of('mrr')?.value);
    expect(of('medianRank')?.value).toBe(2);
    // Apples average over their two queries first, then count as much as pears.
    expect([1, 2, 3].map((k) => of(`top${k}`)?.macro)).toEqual([1 / 4, 1 / 2, 1]);
    expect(of('mapAtR')?.macro).toBeCloseTo((5 / 8 + 0) / 2, 14);
    expect(of('mrr')?.macro).toBeCloseTo((3 / 4 + 1 / 3) / 2, 14);
    expect(of('medianRank')?.macro).toBeCloseTo((1.5 + 3) / 2, 14);
  });

  it('has Wilson’s intervals of shares of queries, and seeded resampled ones of all else', () => {
    const all = { rankings: ranked, queryLabels, galleryLabels, ks: [1, 3], seed: 4 };
    const scores = score(all);
    expect(scores?.ci95).toEqual({ 1: wilsonInterval(1, 3), 3: wilsonInterval(3, 3) });
    expect(scores?.metrics?.['top3']?.interval).toEqual(wilsonInterval(3, 3));
    expect(scores?.metrics?.['precision1']?.interval).toEqual(wilsonInterval(1, 3));
    const mrr = scores?.metrics?.['mrr'];
    expect(mrr?.interval?.[0]).toBeLessThan(mrr?.value ?? 0);
    expect(mrr?.interval?.[1]).toBeGreaterThan(mrr?.value ?? 1);
    expect(score(all)).toEqual(scores);
  });

  it('claims no certainty of any share where every query has the same value', () => {
    const n = 52;
    const perfect = score({
      rankings: rankings(Array.from({ length: n }, () => [0, 2, 1, 3])),
      queryLabels: Array.from({ length: n }, () => 'apple'),
      galleryLabels,
      ks: [1, 2],
      seed: 0,
    });
    for (const metric of metricsAt([1, 2])) {
      const { value, interval } = perfect?.metrics?.[metric.key] ?? { value: null, interval: null };
      expect(value, metric.key).toBe(1);
      expect(interval, metric.key).toEqual(metric.format === 'share' ? wilsonInterval(n, n) : [1, 1]);
    }
    expect(wilsonInterval(n, n)).toEqual([expect.closeTo(0.9312, 4), 1]);
  });

  it('has nothing to say where no query counts', () => {
    const unlabelled = queryLabels.map(() => null);
    expect(score({ rankings: ranked, queryLabels: unlabelled, galleryLabels, ks: [1], seed: 0 })).toBeNull();
  });

  it('takes a first hit beyond the ranking for not found', () => {
    const scores = score({
      rankings: rankings([[2, 3]]),
      queryLabels: ['pear'],
      galleryLabels: ['pear', 'apple', 'apple', 'apple'],
      ks: [1],
      seed: 0,
    });
    expect(scores).toMatchObject({ mrr: 0, topk: { 1: 0 } });
    expect(scores?.metrics?.['medianRank']).toEqual({ value: null, interval: null, macro: null });
  });
});

describe('scoreOf', () => {
  /** As a version of the app without a registry kept it. */
  const before = { queries: 52, skipped: 0, topk: { 10: 1 }, mapAtR: 0.5, mrr: 0.75, ci95: { 10: [1, 1] as const } };

  it('reads what earlier versions kept, with Wilson’s interval in place of one without a width', () => {
    expect(scoreOf(before, metricOf('top10'))).toEqual({ value: 1, interval: wilsonInterval(52, 52), macro: null });
    expect(scoreOf(before, metricOf('mapAtR'))).toEqual({ value: 0.5, interval: null, macro: null });
    expect(scoreOf(before, metricOf('mrr'))?.value).toBe(0.75);
  });

  it('knows nothing of a metric that they did not keep, nor of another k', () => {
    for (const key of ['top1', 'rPrecision', 'precision10', 'medianRank'] as const) {
      expect(scoreOf(before, metricOf(key))).toBeNull();
    }
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
    const metrics = finish(measureExact(similaritySource(gallery, Float32Array.of(1), 1), labels, [1])).result;
    expect(metrics.firstHitRank[0]).toBe(5);
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
        const metrics = finish(measureExact(similaritySource(gallery, queries, 3), labels, ks)).result;
        const scores = summarise(metrics, labels.query, { seed: 0, resamples: 20 });
        const counted = metrics.relevant.filter((relevant) => relevant > 0).length;
        expect(scores?.queries ?? 0).toBe(counted);
        if (!scores) return;
        expect(scores.queries + scores.skipped).toBe(queryLabels.length);
        for (const { key, format } of metricsAt(ks)) {
          const { value, interval, macro } = scores.metrics?.[key] ?? {};
          for (const one of [value, macro, ...(interval ?? [])]) {
            if (format === 'share') expect(one).toBeLessThanOrEqual(1);
            expect(one).toBeGreaterThanOrEqual(format === 'share' ? 0 : 1);
          }
          expect(interval?.[0]).toBeLessThanOrEqual(interval?.[1] ?? Number.NaN);
        }
        for (const k of ks) {
          // Where a class has fewer than k images, not even the best order reaches 1.
          const most = Math.max(...[...metrics.relevant].map((r) => Math.min(1, r / k)));
          expect(scores.metrics?.[`precision${k}`]?.interval?.[1]).toBeLessThanOrEqual(most + 1e-9);
        }
        const topk = ks.map((k) => scores.topk[k] ?? Number.NaN);
        expect(topk).toEqual([...topk].sort((a, b) => a - b));
        expect(scores.mapAtR).toBeLessThanOrEqual(scores.metrics?.['rPrecision']?.value ?? Number.NaN);
        // The first k = 40 holds the whole gallery: every query that counts has a hit there.
        expect(topk.at(-1)).toBe(1);
        expect(scores.metrics?.['precision1']?.value).toBe(scores.topk['1']);
      }),
    );
  });

  it('gives precision no interval beyond what can be reached', () => {
    // Two relevant images for each of five queries, all found at once: precision@5 is 40 %, and cannot be more.
    const labels = codeLabels(Array(5).fill('a'), ['a', 'a', 'b', 'b', 'b', 'b']);
    const rankings = {
      k: 6,
      rows: Int32Array.from({ length: 30 }, (_, at) => at % 6),
      similarities: new Float32Array(30),
    };
    const scores = summarise(measureRankings(rankings, labels, [5]), labels.query, { seed: 0 });
    const { value, interval } = scores?.metrics?.['precision5'] ?? {};
    expect(value).toBeCloseTo(0.4, 12);
    expect(interval?.[0]).toBeGreaterThan(0.1);
    expect(interval?.[1]).toBeCloseTo(0.4, 12);
  });
});
