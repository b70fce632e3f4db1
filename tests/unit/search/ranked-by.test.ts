import { describe, expect, it } from 'vitest';
import { clusters } from '../../../scripts/bench/clusters.ts';
import { classPosteriors, posteriors } from '../../../src/heads/posterior.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { similaritySource } from '../../../src/math/similarity.ts';
import { emptyRankings, exactTopK, type Rankings } from '../../../src/math/topk.ts';
import { measureExact } from '../../../src/metrics/exact.ts';
import { codeLabels } from '../../../src/metrics/labels.ts';
import { measureRankings } from '../../../src/metrics/query-metrics.ts';
import type { OpenIndex } from '../../../src/search/backend.ts';
import { plainClasses } from '../../../src/search/classes/plain.ts';
import { HeldClasses } from '../../../src/search/held-classes.ts';
import {
  galleryKeys,
  isRankedWhole,
  orderOfFound,
  othersKeys,
  RANKED_CANDIDATES,
  RANKED_WHOLE,
  type RankedBy,
  rankFound,
  rankWhole,
  withoutOwn,
} from '../../../src/search/ranked-by.ts';
import type { Ranking } from '../../../src/search/ranking.ts';
import { RANKINGS, type RankingName, rankingNamed } from '../../../src/search/rankings.ts';
import { finish } from '../math/finish.ts';
import { atOnce } from './work.ts';

const D = 8;
const M = 3;
const random = seededRandom(5);

/** Classes that have any images, however many are known: millions of random numbers would take their time. */
const SEEN = 6;

/** Posteriors that agree with nothing else, so that rankings by class differ from the plain one. */
function known(rows: number, classes: number): Float32Array<ArrayBuffer> {
  const cosines = Float32Array.from({ length: rows * SEEN }, () => 2 * random.uniform() - 1);
  const seen = posteriors(cosines, SEEN, 8);
  const all = new Float32Array(rows * classes);
  for (let row = 0; row < rows; row++) all.set(seen.subarray(row * SEEN, (row + 1) * SEEN), row * classes);
  return all;
}

function searchOver(n: number, classes: number, name: RankingName) {
  const gallery = clusters(n, D);
  const queries = clusters(M, D, { seed: 4 });
  const by: RankedBy = {
    ranking: rankingNamed(name),
    classes,
    queries: known(M, classes),
    gallery: known(n, classes),
    kernel: plainClasses,
  };
  const exact: OpenIndex = {
    search: async (asked, k) => finish(exactTopK(gallery, asked, D, k)).result,
    async close() {},
  };
  return { source: similaritySource(gallery, queries, D), by, queries, exact };
}

/** By the book: the plain order, of which the first `candidates` are sorted by their keys. */
function expectedOrder({ by, queries, exact }: ReturnType<typeof searchOver>, n: number, candidates: number) {
  return exact.search(queries, n, atOnce).then((plain) =>
    Array.from({ length: M }, (_, query) => {
      const order = [...plain.rows.subarray(query * n, (query + 1) * n)];
      const ranked = order.slice(0, candidates).sort((a, b) => a - b);
      const of = new Map(order.map((row, i) => [row, plain.similarities[query * n + i] ?? 0]));
      const keys = new Float64Array(ranked.length);
      const gallery = new Float32Array(ranked.length * by.classes);
      ranked.forEach((row, i) => {
        gallery.set(by.gallery.subarray(row * by.classes, (row + 1) * by.classes), i * by.classes);
      });
      by.ranking.keys(
        {
          similarities: Float32Array.from(ranked, (row) => of.get(row) ?? 0),
          query: by.queries.subarray(query * by.classes, (query + 1) * by.classes),
          gallery,
        },
        keys,
        by.kernel,
      );
      const sorted = ranked.map((row, i) => ({ row, key: keys[i] ?? 0 })).sort((a, b) => b.key - a.key);
      return [...sorted.map(({ row }) => row), ...order.slice(candidates)];
    }),
  );
}

const ordersOf = ({ rows, k }: Rankings) =>
  Array.from({ length: M }, (_, query) => [...rows.subarray(query * k, (query + 1) * k)]);

const byClasses = RANKINGS.filter(({ usesClasses }) => usesClasses);

describe.each(byClasses)('a gallery ranked by $name', ({ name }) => {
  it('is ranked whole where it is small', async () => {
    const search = searchOver(1500, 6, name);
    expect(isRankedWhole(search.by)).toBe(true);
    const expected = await expectedOrder(search, 1500, 1500);
    const rankings = finish(rankWhole(search.source, search.by, 1500)).result;
    expect(ordersOf(rankings)).toEqual(expected);
    expect(expected[0]).not.toEqual((await expectedOrder(search, 1500, 0))[0]);
    // Scores shown are cosines.
    const plain = await search.exact.search(search.queries, 1500, atOnce);
    expect([...rankings.similarities].sort()).toEqual([...plain.similarities].sort());
    // Shorter answers are its beginning; longer ones end with −1.
    expect(ordersOf(finish(rankWhole(search.source, search.by, 7)).result)).toEqual(
      expected.map((order) => order.slice(0, 7)),
    );
    expect(ordersOf(finish(rankWhole(search.source, search.by, 1502)).result)[0]?.slice(1499)).toEqual([
      expected[0]?.[1499],
      -1,
      -1,
    ]);
  });

  it('is ranked among its first thousand where it is large, and follows by similarity', async () => {
    const n = 1300;
    const classes = Math.ceil(RANKED_WHOLE / n) + 1;
    const search = searchOver(n, classes, name);
    expect(isRankedWhole(search.by)).toBe(false);
    const expected = await expectedOrder(search, n, RANKED_CANDIDATES);
    expect(ordersOf(finish(rankWhole(search.source, search.by, n)).result)).toEqual(expected);
    expect(ordersOf(await rankFound(search.exact, search.queries, search.by, n, atOnce))).toEqual(expected);
    expect(ordersOf(await rankFound(search.exact, search.queries, search.by, 5, atOnce))).toEqual(
      expected.map((order) => order.slice(0, 5)),
    );
  });

  it('is ranked among what an index finds, be it less than the gallery or all of it', async () => {
    const search = searchOver(400, 6, name);
    const found = await rankFound(search.exact, search.queries, search.by, 410, atOnce);
    const expected = await expectedOrder(search, 400, 400);
    expect(ordersOf(found)).toEqual(expected.map((order) => [...order, ...new Array(10).fill(-1)]));
  });

  it.each([400, 1300])('orders %i images that were found elsewhere as it orders what an index finds', async (n) => {
    const search = searchOver(n, 6, name);
    const { by, queries, exact } = search;
    const plain = await exact.search(queries, n, atOnce);
    const orders = Array.from({ length: M }, (_, query) => {
      const similarities = new Float32Array(n);
      for (let rank = query * n; rank < (query + 1) * n; rank++) {
        similarities[plain.rows[rank] ?? 0] = plain.similarities[rank] ?? 0;
      }
      const asked = by.queries.subarray(query * by.classes, (query + 1) * by.classes);
      return [...orderOfFound({ ...by, queries: asked }, similarities)];
    });
    expect(orders).toEqual(ordersOf(await rankFound(exact, queries, by, n, atOnce)));
    expect(orders).toEqual(await expectedOrder(search, n, RANKED_CANDIDATES));
  });

  it('is measured as it is ranked, first hits beyond what is kept too', () => {
    const n = 300;
    const search = searchOver(n, 6, name);
    const label = (count: number) => Array.from({ length: count }, () => `class ${random.below(40)}`);
    const labels = codeLabels(label(M), label(n));
    const rankings = finish(rankWhole(search.source, search.by, n)).result;
    const kept = finish(rankWhole(search.source, search.by, 4)).result;
    const room: Rankings = { rows: kept.rows.slice().fill(-1), similarities: kept.similarities.slice(), k: 4 };
    const metrics = finish(
      measureExact(search.source, labels, [1, 3], room, (query, similarities, keys) =>
        galleryKeys(search.by, query, similarities, keys),
      ),
    ).result;
    expect(metrics).toEqual(measureRankings(rankings, labels, [1, 3]));
    expect(Math.max(...metrics.firstHitRank)).toBeGreaterThan(4);
    expect(room).toEqual(kept);
  });
});

describe('class posteriors of a gallery', () => {
  const cosines = Float32Array.from({ length: 10 * 3 }, () => random.uniform());
  const settings = { scales: [10], floor: 0.5 };
  const held = () => new HeldClasses(plainClasses, 10, 1, 3, (some) => classPosteriors(some, 3, settings));

  it('come in blocks, and are those of all cosines at once', () => {
    const classes = held();
    classes.fill(cosines.subarray(0, 12));
    classes.fill(cosines.subarray(12));
    const asked = cosines.subarray(3, 9);
    const by = classes.rankedBy(rankingNamed('class'), asked, 2);
    expect(by.gallery).toEqual(classPosteriors(cosines, 3, settings));
    expect(by.queries).toEqual(classPosteriors(asked, 3, settings));
  });

  it('are refused where rows are missing or too many, of other queries, and of galleries too large', () => {
    const classes = held();
    classes.fill(cosines.subarray(0, 12));
    expect(() => classes.rankedBy(rankingNamed('class'), cosines.subarray(0, 3), 1)).toThrow(
      /have not all been handed/,
    );
    expect(() => classes.fill(cosines)).toThrow(/more rows/);
    expect(() => classes.fill(cosines.subarray(0, 4))).toThrow(/no matrix/);
    classes.fill(cosines.subarray(12));
    expect(() => classes.rankedBy(rankingNamed('class'), cosines.subarray(0, 3), 2)).toThrow(/those of 2 queries/);
    expect(() => new HeldClasses(plainClasses, 2 ** 20, 1, 2 ** 10, (some) => some.slice())).toThrow(
      /Choose the plain ranking/,
    );
  });
});

describe('a gallery that is searched within itself', () => {
  const N = 60;
  const CLASSES = 8;
  const matrix = clusters(N, D, { classes: 6, seed: 3 });
  const labels = Array.from({ length: N }, (_, i) => (i % 7 === 6 ? null : `class ${i % 4}`));
  const posteriorsOf = known(N, CLASSES);
  const own = Int32Array.from([0, 3, 17, 30, 59]);
  const rowsOf = (source: Float32Array, rows: Iterable<number>, width: number) =>
    Float32Array.from([...rows].flatMap((row) => [...source.subarray(row * width, (row + 1) * width)]));
  const KS = [1, 5, N];
  const byOf = (name: RankingName, gallery: Float32Array, queries: Float32Array): RankedBy => ({
    ranking: rankingNamed(name),
    classes: CLASSES,
    queries,
    gallery,
    kernel: plainClasses,
  });

  it.each(RANKINGS.map(({ name }) => name))('by %s is, for each query, the gallery without it', (name) => {
    const asked = rowsOf(matrix, own, D);
    const by = byOf(name, posteriorsOf.slice(), rowsOf(posteriorsOf, own, CLASSES));
    const before = by.gallery.slice();
    const codes = codeLabels(
      [...own].map((row) => labels[row] ?? null),
      labels,
    );
    const kept = emptyRankings(own.length, N - 1);
    const keysOf = (query: number, similarities: Float32Array, keys: Float64Array) =>
      othersKeys(by, query, own[query] ?? -1, similarities, keys);
    const source = similaritySource(matrix, asked, D);
    const measured = finish(measureExact(source, codes, KS, kept, keysOf, own)).result;
    const whole = finish(rankWhole(similaritySource(matrix, asked, D), by, N - 1, own)).result;
    expect(by.gallery).toEqual(before);
    expect(whole.rows).toEqual(kept.rows);
    own.forEach((itself, query) => {
      const others = [...Array(N).keys()].filter((row) => row !== itself);
      const gallery = rowsOf(matrix, others, D);
      const one = rowsOf(matrix, [itself], D);
      const alone = byOf(name, rowsOf(posteriorsOf, others, CLASSES), rowsOf(posteriorsOf, [itself], CLASSES));
      const wanted = finish(rankWhole(similaritySource(gallery, one, D), alone, N - 1)).result;
      expect([...kept.rows.subarray(query * (N - 1), (query + 1) * (N - 1))]).toEqual(
        [...wanted.rows].map((row) => others[row]),
      );
      const codesAlone = codeLabels(
        [labels[itself] ?? null],
        others.map((row) => labels[row] ?? null),
      );
      const metrics = measureRankings(wanted, codesAlone, KS);
      expect(measured.relevant[query]).toBe(metrics.relevant[0]);
      expect(measured.firstHitRank[query]).toBe(metrics.firstHitRank[0]);
      expect(measured.apAtR[query]).toBe(metrics.apAtR[0]);
      expect([...measured.hits.subarray(query * 3, query * 3 + 3)]).toEqual([...metrics.hits]);
    });
  });

  it('has the query last, also by a ranking that turns the similarities round', () => {
    const reverse: Ranking<RankingName> = {
      ...rankingNamed('plain'),
      keys: ({ similarities }, keys) => keys.set(similarities.map((similarity) => -similarity)),
    };
    const by = { ...byOf('plain', new Float32Array(), new Float32Array()), ranking: reverse };
    const keys = new Float64Array(3);
    othersKeys(by, 0, 1, Float32Array.of(0.5, 1, -0.5), keys);
    expect([...keys]).toEqual([-0.5, Number.NEGATIVE_INFINITY, 0.5]);
  });

  it('is the same of rankings that were found elsewhere', () => {
    const codes = codeLabels(
      [...own].map((row) => labels[row] ?? null),
      labels,
    );
    const found = finish(exactTopK(matrix, rowsOf(matrix, own, D), D, N)).result;
    const measured = measureRankings(withoutOwn(found, own, N - 1), codes, KS, own);
    const exact = finish(measureExact(similaritySource(matrix, rowsOf(matrix, own, D), D), codes, KS, null, null, own));
    expect(measured).toEqual(exact.result);
  });
});
