import { beforeAll, describe, expect, it } from 'vitest';
import { type Arithmetic, plainArithmetic, transpose } from '../../../src/heads/arithmetic.ts';
import { batchGradients } from '../../../src/heads/gradients.ts';
import { arraysOf, copyParameters, initialParameters } from '../../../src/heads/parameters.ts';
import { defaultRecipe } from '../../../src/heads/recipe.ts';
import { tensorArithmetic } from '../../../src/heads/tensor-arithmetic.ts';
import { train } from '../../../src/heads/train.ts';
import { fetchWasmArithmetic } from '../../../src/heads/wasm-arithmetic.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { type Engine, openEngine } from '../../../src/models/engines/engine.ts';
import { cloudsJob } from '../../unit/heads/clouds.ts';
import { relativeError } from '../../unit/heads/reference.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine('wasm');
});

async function wasm(choice: 'best' | 'plain') {
  const open = await fetchWasmArithmetic(choice);
  if (!open) throw new Error('This browser has no SIMD.');
  return open;
}

const kinds: [string, () => Promise<(numbers?: number) => Arithmetic>][] = [
  ['TensorFlow.js', async () => () => tensorArithmetic],
  ['relaxed SIMD', () => wasm('best')],
  ['SIMD', () => wasm('plain')],
];

describe.each(kinds)('%s', (_, opening) => {
  it.each([
    [1, 1, 1],
    [5, 7, 3],
    [64, 33, 512],
    [200, 65, 41],
  ])('multiplies [%i, %i] by [.., %i] as plain arrays do, and keeps no tensor', async (m, k, n) => {
    const random = seededRandom(m);
    const a = Float32Array.from({ length: m * k }, random.gaussian);
    const b = Float32Array.from({ length: k * n }, random.gaussian);
    const arithmetic = (await opening())();
    const { numTensors } = engine.memory();
    const expected = await plainArithmetic.product(a, b, m, k, n);
    expect(relativeError(await arithmetic.product(a, b, m, k, n), expected)).toBeLessThan(1e-6);
    const turned = transpose(b, k, n);
    expect(relativeError(await arithmetic.productTransposed(a, turned, m, k, n), expected)).toBeLessThan(1e-6);
    const into = new Float32Array(m * n).fill(9);
    expect(await arithmetic.product(a, b, m, k, n, into)).toBe(into);
    expect(relativeError(into, expected)).toBeLessThan(1e-6);
    expect(engine.memory().numTensors).toBe(numTensors);
    await expect(arithmetic.product(a, b, m, k + 1, n)).rejects.toThrow();
    expect(engine.memory().numTensors).toBe(numTensors);
  });

  it.each([
    [2, 4],
    [7, 12],
    [64, 512],
    [513, 64],
  ])('turns, and takes the directions of, [%i, %i] as plain arrays do', async (rows, columns) => {
    const random = seededRandom(rows);
    const matrix = Float32Array.from({ length: rows * columns }, random.gaussian);
    const gradient = Float32Array.from({ length: rows * columns }, random.gaussian);
    // No direction at all: nothing may become NaN.
    matrix.fill(0, 0, columns);
    const expected = plainArithmetic.directions(matrix, columns);
    // With a bound, results lie in the arithmetic's memory, and are arguments of the next operation there.
    for (const numbers of [undefined, 20 * rows * columns + 1000]) {
      const arithmetic = (await opening())(numbers);
      const found = arithmetic.directions(matrix, columns);
      expect(relativeError(found.unit, expected.unit)).toBeLessThan(1e-6);
      expect(relativeError(found.lengths, expected.lengths)).toBeLessThan(1e-6);
      const back = arithmetic.throughDirections(gradient, found);
      const plain = plainArithmetic.throughDirections(gradient, expected);
      expect(relativeError(back.subarray(columns), plain.subarray(columns))).toBeLessThan(1e-6);
      expect(relativeError(back, plain)).toBeLessThan(1e-6);
      const turned = arithmetic.transpose(found.unit, rows, columns);
      expect([...arithmetic.transpose(turned, columns, rows)]).toEqual([...found.unit]);
      if (rows > 1) expect(turned[1]).toBe(found.unit[columns]);
      arithmetic.release();
    }
  });

  it.each(['linear', 'cosine'] as const)('gives the gradients that plain arrays give (%s)', async (classifier) => {
    const random = seededRandom(1);
    const [n, dimensions, classes] = [64, 192, 36];
    const rows = Float32Array.from({ length: n * dimensions }, random.gaussian);
    const labels = Int32Array.from({ length: n }, () => random.below(classes));
    const parameters = initialParameters([dimensions], classes, classifier, 0);
    const by = async (arithmetic: Arithmetic) => {
      const gradients = copyParameters(parameters);
      const recipe = defaultRecipe(classifier);
      return {
        ...(await batchGradients(parameters, [rows], labels, recipe, seededRandom(0), arithmetic, gradients)),
        arrays: arraysOf(gradients),
      };
    };
    const [found, plain] = [await by((await opening())()), await by(plainArithmetic)];
    expect(found.loss / plain.loss).toBeCloseTo(1, 5);
    found.arrays.forEach((gradient, i) => {
      if (gradient.length > 0) expect(relativeError(gradient, plain.arrays[i] ?? [])).toBeLessThan(1e-4);
    });
  });

  it.each(['linear', 'cosine'] as const)('trains as plain arrays do, twice the same (%s)', async (classifier) => {
    const changes = { dropout: 0.2, labelSmoothing: 0.1, weightDecay: 1e-3, batch: 27 };
    const job = cloudsJob(classifier, changes, { members: 2 });
    const arithmetic = await opening();
    const by = (open: typeof arithmetic) => train(job, { arithmetic: open, signal: new AbortController().signal });
    const [once, again, plain] = [await by(arithmetic), await by(arithmetic), await by(() => plainArithmetic)];
    expect(again.heads).toEqual(once.heads);
    expect(once.bestEpoch).toBe(plain.bestEpoch);
    once.history.forEach(({ loss, validation }, i) => {
      expect(loss / (plain.history[i]?.loss ?? 0)).toBeCloseTo(1, 4);
      expect(validation?.topk).toEqual(plain.history[i]?.validation?.topk);
    });
    once.heads.forEach(({ projection, bias }, i) => {
      expect(relativeError(projection, plain.heads[i]?.projection ?? [])).toBeLessThan(1e-4);
      expect(relativeError(bias, plain.heads[i]?.bias ?? [])).toBeLessThan(1e-4);
    });
  });
});

describe('arrays of the WASM arithmetic', () => {
  it('are zeros, lie apart, and are multiplied and updated where they lie', async () => {
    const arithmetic = (await wasm('best'))(4000);
    const random = seededRandom(2);
    // Odd lengths: each begins where four numbers can be taken at once.
    const arrays = [3, 33, 5 * 16, 5 * 7].map((length) => arithmetic.array(length));
    expect(arrays.every((array) => array.every((value) => value === 0))).toBe(true);
    const [three, , into, a] = arrays as [Float32Array<ArrayBuffer>, unknown, Float32Array<ArrayBuffer>, Float32Array];
    three.fill(1);
    a.set(a.map(random.gaussian));
    const b = Float32Array.from({ length: 7 * 16 }, random.gaussian);
    expect(await arithmetic.product(a, b, 5, 7, 16, into)).toBe(into);
    expect(relativeError(into, await plainArithmetic.product(a, b, 5, 7, 16))).toBeLessThan(1e-6);
    expect([...three]).toEqual([1, 1, 1]);

    const rates = { rate: 0.01, correction: 20, decay: 0.001 };
    const [values, gradients, first, second] = [0, 1, 2, 3].map(() => arithmetic.array(13)) as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    for (const array of [values, gradients]) array.set(array.map(random.gaussian));
    const plain = [values, gradients, first, second].map((array) => array.slice()) as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    for (let step = 0; step < 3; step++) {
      arithmetic.update(values, gradients, first, second, rates);
      plainArithmetic.update(...plain, rates);
    }
    for (const [i, array] of [values, gradients, first, second].entries()) {
      expect(relativeError(array, plain[i] ?? [])).toBeLessThan(1e-6);
    }
  });

  it('update others than their own too', async () => {
    const arithmetic = (await wasm('best'))();
    const [values, gradients, first, second] = [1, 2, 0, 0].map((value) => Float32Array.of(value)) as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    arithmetic.update(values, gradients, first, second, { rate: 0.1, correction: 1, decay: 0 });
    expect(values[0]).toBeLessThan(1);
  });

  it('are never left empty: what needs more room than was asked for fails', async () => {
    const arithmetic = (await wasm('best'))(100);
    const array = arithmetic.array(8);
    const large = new Float32Array(300 * 300);
    // As many results as there is room for, again and again.
    for (let i = 0; i < 1000; i++) {
      arithmetic.transpose(new Float32Array(8), 2, 4);
      arithmetic.release();
    }
    await expect(arithmetic.product(large, large, 300, 300, 300)).rejects.toMatchObject({ code: 'internal' });
    expect(array).toHaveLength(8);
    await expect((await wasm('best'))().product(large, large, 300, 300, 300)).resolves.toHaveLength(300 * 300);
  });
});
