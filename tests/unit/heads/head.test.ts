import { describe, expect, it } from 'vitest';
import { plainArithmetic } from '../../../src/heads/arithmetic.ts';
import { embed, foldStandardisation } from '../../../src/heads/head.ts';
import { EMBEDDING_SIZE, initialParameters } from '../../../src/heads/parameters.ts';
import { standardisation } from '../../../src/heads/standardise.ts';
import { seededRandom } from '../../../src/math/random.ts';

const classifier = { weight: new Float32Array(2 * EMBEDDING_SIZE), bias: new Float32Array() };

describe('standardisation', () => {
  it('takes mean and standard deviation from the given rows alone', () => {
    const features = Float32Array.of(1, 10, 3, 30, 100, 1000);
    const { mean, std } = standardisation(features, 2, Int32Array.of(0, 1));
    expect([...mean]).toEqual([2, 20]);
    expect([...std]).toEqual([1, 10]);
  });

  it('raises a spread that is close to nothing to a tenth of the average one', () => {
    const features = Float32Array.of(0, 5, 2, 5);
    const { std } = standardisation(features, 2, Int32Array.of(0, 1));
    expect([...std]).toEqual([1, 0.05]);
    expect([...standardisation(features, 2, Int32Array.of(0)).std]).toEqual([1, 1]);
  });
});

describe('a folded head', () => {
  it('does to raw features what the projection did to standardised ones', async () => {
    const random = seededRandom(1);
    const [n, dimensions] = [5, 7];
    const features = Float32Array.from({ length: n * dimensions }, () => 100 + 3 * random.gaussian());
    const scale = standardisation(
      features,
      dimensions,
      Int32Array.from({ length: n }, (_, i) => i),
    );
    const projection = initialParameters([dimensions], 2, 'linear', 0).projections[0];
    if (!projection) throw new Error('no projection');
    const embeddings = await embed(foldStandardisation(projection, scale, classifier), features, plainArithmetic);
    for (let row = 0; row < n; row++) {
      const z = Array.from({ length: EMBEDDING_SIZE }, (_, k) => {
        let sum = projection.bias[k] ?? 0;
        for (let d = 0; d < dimensions; d++) {
          const x = ((features[row * dimensions + d] ?? 0) - (scale.mean[d] ?? 0)) / (scale.std[d] ?? 1);
          sum += (projection.weight[k * dimensions + d] ?? 0) * x;
        }
        return sum;
      });
      const length = Math.hypot(...z);
      z.forEach((value, k) => {
        expect(embeddings[row * EMBEDDING_SIZE + k]).toBeCloseTo(value / length, 4);
      });
    }
  });

  it('is refused where it has numbers that are not finite', () => {
    const projection = { weight: new Float32Array(512).fill(Number.NaN), bias: new Float32Array(512) };
    const scale = { mean: Float64Array.of(0), std: Float64Array.of(1) };
    expect(() => foldStandardisation(projection, scale, classifier)).toThrow(/not finite and was not kept/);
    const broken = { weight: Float32Array.of(Number.NaN), bias: new Float32Array() };
    const sound = { weight: new Float32Array(512), bias: new Float32Array(512) };
    expect(() => foldStandardisation(sound, scale, broken)).toThrow(/not finite and was not kept/);
  });

  it('embeds more rows than fit one block as it embeds each alone, and no rows at all', async () => {
    const random = seededRandom(2);
    const head = {
      dimensions: 3,
      projection: Float32Array.from({ length: 1536 }, random.gaussian),
      bias: new Float32Array(512),
    };
    const features = Float32Array.from({ length: 3 * 1030 }, random.gaussian);
    const all = await embed(head, features, plainArithmetic);
    const last = await embed(head, features.subarray(3 * 1029), plainArithmetic);
    expect(all.subarray(512 * 1029)).toEqual(last);
    expect(await embed(head, new Float32Array(0), plainArithmetic)).toHaveLength(0);
    await expect(embed(head, new Float32Array(4), plainArithmetic)).rejects.toMatchObject({ code: 'bad-argument' });
  });
});

it('refuses a head of huge finite numbers by name, and never blames the images', async () => {
  const head = {
    dimensions: 2,
    projection: new Float32Array(2 * EMBEDDING_SIZE).fill(3e38),
    bias: new Float32Array(EMBEDDING_SIZE),
  };
  await expect(embed(head, Float32Array.of(1, 2), plainArithmetic)).rejects.toMatchObject({
    code: 'training-diverged',
    message: expect.stringMatching(/^The head has numbers so large/),
  });
});
