import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { fitScale, posteriors } from '../../../src/heads/posterior.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { selectTop } from '../../../src/math/topk.ts';
import type { Candidates, ClassKernel } from '../../../src/search/classes/kernel.ts';
import { plainClasses } from '../../../src/search/classes/plain.ts';
import { RANKINGS, type RankingName, rankingNamed } from '../../../src/search/rankings.ts';
import { CLASS_KERNELS } from './class-kernels.ts';

/** Written by a NumPy program of the same formulas: cosines in, orders out. */
const matrix = v.array(v.array(v.number()));
const fixture = v.parse(
  v.object({
    s: v.number(),
    w: v.literal(0.25),
    k: v.literal(10),
    similarity: matrix,
    queryCosines: matrix,
    galleryCosines: matrix,
    galleryClasses: v.array(v.number()),
    plain: matrix,
    class: matrix,
    cover: matrix,
    scaleOfGallery: v.number(),
  }),
  JSON.parse(readFileSync(new URL('../../fixtures/rankings/rankings.json', import.meta.url), 'utf8')),
);

function orderOf(name: RankingName, candidates: Candidates, kernel: ClassKernel): number[] {
  const n = candidates.similarities.length;
  const keys = new Float64Array(n);
  rankingNamed(name).keys(candidates, keys, kernel);
  const rows = new Int32Array(n);
  selectTop(keys, rows, new Float64Array(n));
  return [...rows];
}

describe('the reference’s orders', () => {
  const classes = 5;
  const query = posteriors(Float32Array.from(fixture.queryCosines.flat()), classes, fixture.s);
  const gallery = posteriors(Float32Array.from(fixture.galleryCosines.flat()), classes, fixture.s);

  const kinds = CLASS_KERNELS.flatMap(({ kind, kernel }) =>
    (['plain', 'class', 'cover'] as const).map((name) => ({ name, kind, kernel })),
  );
  it.each(kinds)('are those of $name, by the $kind kernel', ({ name, kernel }) => {
    const orders = fixture.similarity.map((similarities, i) =>
      orderOf(
        name,
        {
          similarities: Float32Array.from(similarities),
          query: query.subarray(i * classes, (i + 1) * classes),
          gallery,
        },
        kernel,
      ),
    );
    expect(orders).toEqual(fixture[name]);
  });

  it('come with the scale that fits the gallery', () => {
    const cosines = Float32Array.from(fixture.galleryCosines.flat());
    expect(fitScale(cosines, classes, Int32Array.from(fixture.galleryClasses)).likeliest).toBeCloseTo(
      fixture.scaleOfGallery,
      10,
    );
  });
});

/** `cover` by the book: the gain of every image, for every choice. */
function coverByTheBook({ query, gallery, similarities }: Candidates, k: number): number[] {
  const classes = query.length;
  const first = orderOf('class', { query, gallery, similarities }, plainClasses);
  const place = new Map(first.map((row, rank) => [row, rank]));
  const left = Float64Array.from(query);
  const chosen: number[] = [];
  let next = first[0] ?? -1;
  while (chosen.length < Math.min(k, first.length)) {
    chosen.push(next);
    for (let c = 0; c < classes; c++) left[c] = (left[c] ?? 0) * (1 - (gallery[next * classes + c] ?? 0));
    const free = first.filter((row) => !chosen.includes(row));
    const gains = free.map((row) =>
      left.reduce((sum, weight, c) => sum + weight * (gallery[row * classes + c] ?? 0), 0),
    );
    const most = Math.max(...gains);
    const ties = free.filter((_, i) => (gains[i] ?? 0) >= most - 1e-9);
    next = ties.sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0))[0] ?? -1;
  }
  return [...chosen, ...first.filter((row) => !chosen.includes(row))];
}

/** Galleries with images in common classes, copies among them, and posteriors from flat to certain. */
const cases = fc
  .record({
    n: fc.integer({ min: 1, max: 60 }),
    classes: fc.integer({ min: 1, max: 9 }),
    scale: fc.constantFrom(0, 4, 16, 64),
    copies: fc.boolean(),
    // Numbers by a seed: fast-check prefers special ones, and equal cosines of different images would be ties.
    seed: fc.nat(),
  })
  .map(({ n, classes, scale, copies, seed }) => {
    const random = seededRandom(seed);
    const draw = (length: number) => Float32Array.from({ length }, () => 2 * random.uniform() - 1);
    const similarities = draw(n);
    const cosines = draw(n * classes);
    if (copies) {
      for (let row = 1; row < n; row += 2) {
        similarities[row] = similarities[row - 1] ?? 0;
        cosines.copyWithin(row * classes, (row - 1) * classes, row * classes);
      }
    }
    const query = posteriors(draw(classes), classes, scale);
    return { similarities, query, gallery: posteriors(cosines, classes, scale) } satisfies Candidates;
  });

const rowsOf = ({ gallery, query }: Candidates, row: number) =>
  gallery.subarray(row * query.length, (row + 1) * query.length);

/** The same gallery in another order: row i is row `order[i]` of before. */
function permuted(candidates: Candidates, order: readonly number[]): Candidates {
  const gallery = new Float32Array(order.length * candidates.query.length);
  order.forEach((row, i) => {
    gallery.set(rowsOf(candidates, row), i * candidates.query.length);
  });
  const similarities = Float32Array.from(order, (row) => candidates.similarities[row] ?? 0);
  return { similarities, query: candidates.query, gallery };
}

describe.each(CLASS_KERNELS)('by the $kind kernel', ({ kernel }) => {
  describe('every ranking', () => {
    it.each(RANKINGS)('$name orders all images, each once', ({ name }) => {
      fc.assert(
        fc.property(cases, (candidates) => {
          const n = candidates.similarities.length;
          expect(orderOf(name, candidates, kernel).sort((a, b) => a - b)).toEqual(
            Array.from({ length: n }, (_, row) => row),
          );
        }),
      );
    });

    it.each(RANKINGS)('$name gives a permuted gallery the same order, but for ties', ({ name }) => {
      fc.assert(
        fc.property(cases, fc.nat(), (candidates, seed) => {
          const order = seededRandom(seed).shuffle(Array.from(candidates.similarities.keys()));
          const before = orderOf(name, candidates, kernel);
          const after = orderOf(name, permuted(candidates, order), kernel).map((row) => order[row] ?? -1);
          // What may change places is equal in all that a ranking sees.
          const seen = (row: number) => [candidates.similarities[row], ...rowsOf(candidates, row)];
          expect(after.map(seen)).toEqual(before.map(seen));
        }),
      );
    });
  });

  describe('cover', () => {
    it('chooses what the full computation chooses', () => {
      fc.assert(
        fc.property(cases, (candidates) => {
          expect(orderOf('cover', candidates, kernel)).toEqual(coverByTheBook(candidates, 10));
        }),
        { numRuns: 500 },
      );
    });

    it.each([0, 4, 12, 64])('chooses it among many images and classes too, with posteriors of scale %d', (scale) => {
      for (let seed = 0; seed < 12; seed++) {
        const random = seededRandom(seed);
        const [n, classes] = [150 + random.below(150), 12 + random.below(30)];
        // Gains fall slowly where many classes are as likely, and all at once where one class has nearly everything.
        const cosines = (own: number) =>
          Float32Array.from({ length: classes }, (_, c) => (c === own ? 0.6 : 0) + 0.3 * (random.uniform() - 0.5));
        const gallery = new Float32Array(n * classes);
        for (let row = 0; row < n; row++) {
          gallery.set(posteriors(cosines(Math.floor((row * classes) / n)), classes, scale), row * classes);
        }
        const query = posteriors(cosines(random.below(classes)), classes, scale);
        const similarities = Float32Array.from({ length: n }, () => random.uniform());
        const candidates = { similarities, query, gallery };
        expect(orderOf('cover', candidates, kernel)).toEqual(coverByTheBook(candidates, 10));
      }
    });

    it('begins with the first image of class', () => {
      fc.assert(
        fc.property(cases, (candidates) => {
          expect(orderOf('cover', candidates, kernel)[0]).toBe(orderOf('class', candidates, kernel)[0]);
        }),
      );
    });

    it('leaves the rest in the order of class', () => {
      fc.assert(
        fc.property(cases, (candidates) => {
          const order = orderOf('cover', candidates, kernel);
          const first = new Set(order.slice(0, 10));
          expect(order.slice(10)).toEqual(orderOf('class', candidates, kernel).filter((row) => !first.has(row)));
        }),
      );
    });

    it('shows as many classes as it can: k likely classes with certain images, one image each', () => {
      const classes = 12;
      const n = 36;
      const gallery = new Float32Array(n * classes);
      for (let row = 0; row < n; row++) gallery[row * classes + (row % classes)] = 1;
      const query = Float32Array.from({ length: classes }, (_, c) => (classes - c) / 78);
      const similarities = Float32Array.from({ length: n }, (_, row) => (row % classes === 0 ? 0.9 : 0.1));
      const order = orderOf('cover', { similarities, query, gallery }, kernel);
      expect(order.slice(0, 10).map((row) => row % classes)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    });
  });
});

describe('both kernels', () => {
  it('come to bit-identical sums and the same choice, whatever the number of classes, and of a gallery in turn with another', () => {
    const [plain, simd] = CLASS_KERNELS.map(({ kernel }) => kernel);
    fc.assert(
      fc.property(fc.array(cases, { minLength: 1, maxLength: 3 }), (galleries) => {
        for (const candidates of [...galleries, ...galleries]) {
          const n = candidates.similarities.length;
          const [keys, same, coversKeys] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
          plain?.weigh(candidates, 0.25, keys);
          simd?.weigh(candidates, 0.25, same);
          expect(same).toEqual(keys);
          const chosen = simd?.cover(candidates, 0.25, coversKeys, 10);
          expect(coversKeys).toEqual(keys);
          expect(chosen).toEqual(plain?.cover(candidates, 0.25, keys, 10));
        }
      }),
    );
  });

  it('choose alike where gains differ by about a tie, and where images have no part', () => {
    const [plain, simd] = CLASS_KERNELS.map(({ kernel }) => kernel);
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 40 }), (seed, n, classes) => {
        const random = seededRandom(seed);
        const draw = (length: number) => Float32Array.from({ length }, () => random.uniform());
        const query = posteriors(draw(classes), classes, 4);
        const one = posteriors(draw(classes), classes, 4);
        const gallery = new Float32Array(n * classes);
        for (let row = 0; row < n; row++) {
          gallery.set(one, row * classes);
          // A few steps of float32, of a class that counts a hundredth: some 1e-9 of a gain.
          (gallery[row * classes + random.below(classes)] as number) += random.below(9) * 2e-8;
        }
        const similarities = draw(n).map((similarity) => (similarity < 0.2 ? Number.NEGATIVE_INFINITY : similarity));
        const candidates = { similarities, query, gallery };
        const chosen = plain?.cover(candidates, 0.25, new Float64Array(n), 10);
        expect(simd?.cover(candidates, 0.25, new Float64Array(n), 10)).toEqual(chosen);
      }),
      { numRuns: 500 },
    );
  });

  it.each(CLASS_KERNELS)('leave an image of key −∞ out of the choice ($kind)', ({ kernel }) => {
    fc.assert(
      fc.property(cases, fc.nat(), (candidates, seed) => {
        const n = candidates.similarities.length;
        const out = seed % n;
        const others = Array.from({ length: n }, (_, row) => row).filter((row) => row !== out);
        const similarities = candidates.similarities.slice();
        similarities[out] = Number.NEGATIVE_INFINITY;
        const wanted = orderOf('cover', permuted(candidates, others), kernel).map((row) => others[row] ?? -1);
        expect(orderOf('cover', { ...candidates, similarities }, kernel)).toEqual([...wanted, out]);
      }),
    );
  });
});

describe('posteriors', () => {
  it('sum to 1, and follow the cosines', () => {
    const rows = fc.integer({ min: 1, max: 9 }).chain((classes) =>
      fc.record({
        classes: fc.constant(classes),
        scale: fc.double({ min: 4, max: 64, noNaN: true }),
        cosines: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
          minLength: 3 * classes,
          maxLength: 3 * classes,
        }),
      }),
    );
    fc.assert(
      fc.property(rows, ({ classes, scale, cosines }) => {
        const p = posteriors(Float32Array.from(cosines), classes, scale);
        for (let row = 0; row < 3; row++) {
          const of = [...p.subarray(row * classes, (row + 1) * classes)];
          expect(of.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
          const top = cosines.slice(row * classes, (row + 1) * classes);
          expect(of[top.indexOf(Math.max(...top))]).toBe(Math.max(...of));
        }
      }),
    );
  });
});
