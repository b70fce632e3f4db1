import { describe, expect, it } from 'vitest';
import { plainArithmetic } from '../../../src/heads/arithmetic.ts';
import { classCosines, classMeans } from '../../../src/heads/class-cosines.ts';
import { embed, type Head } from '../../../src/heads/head.ts';
import { EMBEDDING_SIZE } from '../../../src/heads/parameters.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { dot } from '../../../src/math/similarity.ts';
import { normaliseRows } from '../../../src/math/vectors.ts';

const random = seededRandom(8);
const draw = (length: number, scale = 1) => Float32Array.from({ length }, () => scale * random.gaussian());
const D = 6;
const C = 3;
/** More than the rows of one block. */
const N = 1100;

const head: Head = { dimensions: D, projection: draw(EMBEDDING_SIZE * D), bias: draw(EMBEDDING_SIZE) };
const features = draw(N * D, 3);

describe('class cosines', () => {
  it('of a head are those of its embeddings and its class vectors, whatever their length', async () => {
    const vectors = draw(C * EMBEDDING_SIZE, 7);
    const cosines = await classCosines([{ features, dimensions: D, head, vectors }], plainArithmetic);
    const embeddings = await embed(head, features, plainArithmetic);
    const unit = normaliseRows(vectors, EMBEDDING_SIZE);
    for (const row of [0, 1, 1023, 1024, N - 1]) {
      for (let c = 0; c < C; c++) {
        const expected = dot(embeddings, unit, row * EMBEDDING_SIZE, c * EMBEDDING_SIZE, EMBEDDING_SIZE);
        expect(cosines[row * C + c]).toBeCloseTo(expected, 6);
      }
    }
  });

  it('of an ensemble stand side by side, a row an image', async () => {
    const trained = { features, dimensions: D, head, vectors: draw(C * EMBEDDING_SIZE) };
    const frozen = { features: draw(N * 4), dimensions: 4, head: null, vectors: draw(C * 4) };
    const [a, b] = [await classCosines([trained], plainArithmetic), await classCosines([frozen], plainArithmetic)];
    const both = await classCosines([trained, frozen], plainArithmetic);
    expect(both).toHaveLength(2 * N * C);
    for (const row of [0, 7, N - 1]) {
      const rowOf = (of: Float32Array) => [...of.subarray(row * C, (row + 1) * C)];
      expect([...both.subarray(2 * row * C, 2 * (row + 1) * C)]).toEqual([...rowOf(a), ...rowOf(b)]);
    }
  });

  it('are refused of members with other images, and of none', async () => {
    const one = { features: draw(4 * D), dimensions: D, head: null, vectors: draw(C * D) };
    const other = { features: draw(5 * D), dimensions: D, head: null, vectors: draw(C * D) };
    const fewer = { ...one, vectors: draw((C - 1) * D) };
    await expect(classCosines([one, fewer], plainArithmetic)).rejects.toThrow(/other classes/);
    await expect(classCosines([one, other], plainArithmetic)).rejects.toThrow(/other images/);
    await expect(classCosines([], plainArithmetic)).rejects.toThrow(/without members/);
  });
});

describe('class means', () => {
  const labels = Int32Array.of(0, 2, 0, 2, -1);
  const some = draw(5 * D, 4);

  it('of frozen features point where their unit vectors do on average', async () => {
    const means = await classMeans({ features: some, dimensions: D, head: null }, labels, C, plainArithmetic);
    const unit = normaliseRows(some, D);
    const of = (rows: readonly number[]) =>
      normaliseRows(
        Float32Array.from({ length: D }, (_, i) => rows.reduce((sum, row) => sum + (unit[row * D + i] ?? 0), 0)),
        D,
      );
    const expected = [of([0, 2]), new Float32Array(D), of([1, 3])].flatMap((row) => [...row]);
    expect(means).toHaveLength(expected.length);
    means.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 6);
    });
    // A class without images is like nothing.
    const cosines = await classCosines(
      [{ features: some, dimensions: D, head: null, vectors: means }],
      plainArithmetic,
    );
    for (let row = 0; row < 5; row++) expect(cosines[row * C + 1]).toBe(0);
    expect(cosines[0]).toBeGreaterThan(0);
  });

  it('of a head are those of its embeddings', async () => {
    const means = await classMeans({ features: some, dimensions: D, head }, labels, C, plainArithmetic);
    const embeddings = await embed(head, some, plainArithmetic);
    const asFrozen = { features: embeddings, dimensions: EMBEDDING_SIZE, head: null };
    expect(means).toEqual(await classMeans(asFrozen, labels, C, plainArithmetic));
  });

  it('are refused with another number of labels', async () => {
    const seen = { features: some, dimensions: D, head: null };
    await expect(classMeans(seen, labels.subarray(1), C, plainArithmetic)).rejects.toThrow(/as many images as labels/);
  });
});
