import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainArithmetic } from '../../../src/heads/arithmetic.ts';
import { concatEmbeddings, gaussianProjection, meanEmbeddings } from '../../../src/heads/ensemble.ts';
import { embed } from '../../../src/heads/head.ts';
import { initialParameters } from '../../../src/heads/parameters.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { dot } from '../../../src/math/similarity.ts';
import { assertUnitRows, normaliseRows } from '../../../src/math/vectors.ts';

function unitRows(n: number, dimensions: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  return normaliseRows(Float32Array.from({ length: n * dimensions }, random.gaussian), dimensions);
}

describe('mean', () => {
  it('is the normalised average, in any order of the members', () => {
    const [a, b] = [unitRows(3, 512, 1), unitRows(3, 512, 2)];
    const mean = meanEmbeddings([a, b]);
    const expected = normaliseRows(
      a.map((value, i) => (value + (b[i] ?? 0)) / 2),
      512,
    );
    mean.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 6);
    });
    expect(meanEmbeddings([b, a])).toEqual(mean);
    assertUnitRows(mean, 512);
  });

  it('refuses members of different images, and none', () => {
    expect(() => meanEmbeddings([unitRows(3, 512, 1), unitRows(2, 512, 2)])).toThrow(/same images, not of 3, 2/);
    expect(() => meanEmbeddings([])).toThrow(/not of none/);
  });
});

describe('concat', () => {
  it('makes the dot product the mean of the members’ cosines', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 }),
        fc.nat(99),
        (sizes, seed) => {
          const members = sizes.map((dimensions, i) => ({
            embeddings: unitRows(2, dimensions, seed + 100 * i),
            dimensions,
          }));
          const { embeddings, dimensions } = concatEmbeddings(members);
          expect(dimensions).toBe(sizes.reduce((sum, size) => sum + size, 0));
          assertUnitRows(embeddings, dimensions);
          const cosines = members.map((m) => dot(m.embeddings, m.embeddings, 0, m.dimensions, m.dimensions));
          const mean = cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length;
          expect(dot(embeddings, embeddings, 0, dimensions, dimensions)).toBeCloseTo(mean, 5);
        },
      ),
    );
  });

  it('keeps unit length where one member gave an image no direction', () => {
    const members = [
      { embeddings: Float32Array.of(1, 0), dimensions: 2 },
      { embeddings: new Float32Array(3), dimensions: 3 },
    ];
    expect([...concatEmbeddings(members).embeddings]).toEqual([1, 0, 0, 0, 0]);
  });
});

describe('the Gaussian projection of frozen members', () => {
  it('has entries N(0, 1/512), the same for one seed and backbone, others for others', () => {
    const { projection, bias } = gaussianProjection(20, 0, 'resnet50');
    const variance = projection.reduce((sum, value) => sum + value * value, 0) / projection.length;
    expect(variance * 512).toBeCloseTo(1, 1);
    expect(bias.every((value) => value === 0)).toBe(true);
    expect(gaussianProjection(20, 0, 'resnet50').projection).toEqual(projection);
    expect(gaussianProjection(20, 1, 'resnet50').projection).not.toEqual(projection);
    expect(gaussianProjection(20, 0, 'efficientnet_b0').projection).not.toEqual(projection);
  });

  it('nearly keeps cosines', async () => {
    const features = unitRows(2, 200, 4);
    const embeddings = await embed(gaussianProjection(200, 0, 'resnet50'), features, plainArithmetic);
    const before = dot(features, features, 0, 200, 200);
    expect(Math.abs(dot(embeddings, embeddings, 0, 512, 512) - before)).toBeLessThan(4 / Math.sqrt(512));
  });
});

it('heads of one seed start from the same class vectors, whatever their backbone', () => {
  const [narrow, wide] = [192, 2048].map((dimensions) => initialParameters([dimensions], 5, 'cosine', 3).classifier);
  expect(narrow).toEqual(wide);
});
