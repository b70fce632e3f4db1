import { expect, test } from 'vitest';
import { sentVector } from '../../../../scripts/gallery/vectors.ts';

/** As pgvector sends it: dimensions and an unused field, then the numbers, all in the order of the network. */
function sent(dimensions: number, width: 2 | 4, write: (body: DataView) => void): Buffer {
  // Where it begins in its memory is not for the reader to choose.
  const bytes = Buffer.alloc(3 + 4 + dimensions * width).subarray(3);
  const body = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  body.setUint16(0, dimensions);
  write(body);
  return bytes;
}

test('a vector of float32 is read as it was sent, and left as it was', () => {
  const values = Float32Array.of(0.1, -2.5, 1e-30, 3);
  const bytes = sent(4, 4, (body) => {
    for (const [at, value] of values.entries()) body.setFloat32(4 + 4 * at, value);
  });
  const before = Buffer.from(bytes);
  expect(sentVector(bytes, 'vector', 4)).toEqual(values);
  expect(bytes).toEqual(before);
});

test('a vector of half precision is widened', () => {
  const bytes = sent(3, 2, (body) => {
    for (const [at, half] of [0x3c00, 0xc000, 0x3555].entries()) body.setUint16(4 + 2 * at, half);
  });
  expect([...sentVector(bytes, 'halfvec', 3)]).toEqual([1, -2, Math.fround(0.333251953125)]);
});

test.each([
  ['fewer numbers than the collection has', 3],
  ['more', 5],
])('%s is an error', (_, dimensions) => {
  const bytes = sent(4, 4, () => {});
  expect(() => sentVector(bytes, 'vector', dimensions)).toThrow(expect.objectContaining({ code: 'internal' }));
});
