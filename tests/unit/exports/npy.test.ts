import { expect, test } from 'vitest';
import { encodeNpy, npyBlob, npyHeader } from '../../../src/exports/npy.ts';
import { decodeNpy } from '../../decode-npy.ts';

test('is byte for byte what numpy.save writes', () => {
  // numpy.save(file, numpy.array([[1, -2, 0.5], [3, 4, numpy.inf]], dtype='<f4'))
  const header = `\x93NUMPY\x01\x00\x76\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`;
  const expected = Buffer.concat([
    Buffer.from(`${header.padEnd(127)}\n`, 'latin1'),
    Buffer.from('0000803f000000c00000003f00004040000080400000807f', 'hex'),
  ]);
  const file = encodeNpy(Float32Array.of(1, -2, 0.5, 3, 4, Number.POSITIVE_INFINITY), [2, 3]);
  expect(Buffer.from(file).equals(expected)).toBe(true);
});

test.each([[[7]], [[0, 512]], [[20_000, 2048]], [[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]]])(
  'aligns the values of shape %j to 64 bytes',
  (shape) => {
    const header = npyHeader(shape);
    expect(header.length % 64).toBe(0);
    expect(header.at(-1)).toBe(0x0a);
  },
);

test('reads back, also from a view into a bigger buffer', () => {
  const data = Float32Array.from({ length: 12 }, (_, i) => i / 7).subarray(2, 12);
  expect(decodeNpy(encodeNpy(data, [5, 2]))).toEqual({ shape: [5, 2], data: data.slice() });
  expect(decodeNpy(encodeNpy(Float32Array.of(3), [1])).shape).toEqual([1]);
});

test('refuses a shape that the values do not fill', () => {
  expect(() => encodeNpy(new Float32Array(5), [2, 3])).toThrow(RangeError);
});

test('as a Blob it has the same bytes, and refuses the same', async () => {
  const data = Float32Array.of(1, -2, 0.5, 3, 4, Number.POSITIVE_INFINITY);
  const bytes = new Uint8Array(await npyBlob(data, [2, 3]).arrayBuffer());
  expect(bytes).toEqual(encodeNpy(data, [2, 3]));
  expect(() => npyBlob(data, [7])).toThrow(RangeError);
});
