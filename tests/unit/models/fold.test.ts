import { expect, test } from 'vitest';
import { batchNormAffine, foldConvolution, foldLinear } from '../../../src/models/networks/fold.ts';

test('batch norm is the affine map that its formula says', () => {
  const of = (...values: number[]) => new Float32Array(values);
  const { scale, shift } = batchNormAffine(of(2, 1), of(0.5, -1), of(3, 0), of(3, 0.25), 1);
  expect([...scale]).toEqual([1, 1 / Math.sqrt(1.25)]);
  // gamma · (x − mean) / √(variance + ε) + beta at x = 5 and x = 1.
  expect(5 * (scale[0] ?? 0) + (shift[0] ?? 0)).toBeCloseTo((2 * (5 - 3)) / 2 + 0.5, 12);
  expect((scale[1] ?? 0) + (shift[1] ?? 0)).toBeCloseTo(1 / Math.sqrt(1.25) - 1, 12);
});

test('a convolution goes from OIHW to HWIO, each output scaled', () => {
  const [outputs, inputs, height, width] = [2, 3, 2, 2];
  const weight = Float32Array.from({ length: outputs * inputs * height * width }, (_, i) => i);
  const kernel = foldConvolution(weight, [outputs, inputs, height, width], new Float64Array([1, 10]));
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const from = weight[((o * inputs + i) * height + y) * width + x] ?? 0;
          expect(kernel[((y * width + x) * inputs + i) * outputs + o]).toBe(from * (o === 0 ? 1 : 10));
        }
      }
    }
  }
  expect(foldConvolution(new Float32Array([1, 2, 3, 4]), [2, 1, 1, 2], null)).toEqual(new Float32Array([1, 3, 2, 4]));
});

test('a linear layer takes in the affine map before it and the factor behind it', () => {
  const weight = new Float32Array([1, 2, 3, 4, 5, 6]);
  const bias = new Float32Array([0.5, -0.5]);
  const before = { scale: new Float64Array([2, 3, 4]), shift: new Float64Array([1, -1, 0.5]) };
  const { kernel, bias: folded } = foldLinear(weight, bias, { before, factor: 0.5 });
  const x = [7, 11, 13];
  for (let o = 0; o < 2; o++) {
    let expected = bias[o] ?? 0;
    let found = folded[o] ?? 0;
    for (let i = 0; i < 3; i++) {
      const normed = (x[i] ?? 0) * (before.scale[i] ?? 0) + (before.shift[i] ?? 0);
      expected += normed * (weight[o * 3 + i] ?? 0);
      found += (x[i] ?? 0) * (kernel[i * 2 + o] ?? 0);
    }
    expect(found).toBeCloseTo(0.5 * expected, 5);
  }
});
