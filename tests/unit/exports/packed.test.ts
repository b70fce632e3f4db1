import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pack, unpack } from '../../../src/exports/packed.ts';

const arrays = fc.oneof(
  fc.uint8Array({ maxLength: 20 }),
  fc.int32Array({ maxLength: 9 }),
  fc.float32Array({ maxLength: 9 }),
  fc.float64Array({ maxLength: 9 }),
);
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.integer(),
    fc.string({ unit: 'grapheme' }),
    fc.boolean(),
    arrays,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(
      fc.string({ maxLength: 5 }).filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 5, noNullPrototype: true },
    ),
  ),
})).value;

test('what is packed comes out again, every array bit by bit and of its kind', async () => {
  await fc.assert(
    fc.asyncProperty(values, async (value) => {
      expect(unpack(await pack(value).arrayBuffer())).toEqual(value);
    }),
  );
});

test('a view is packed without the rest of its buffer', async () => {
  const view = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
  const blob = pack({ view });
  expect(unpack(await blob.arrayBuffer())).toEqual({ view: Float32Array.of(2, 3) });
  expect(blob.size % 8).toBe(0);
});

test('whatever else the bytes are, they are refused or become something no larger than they are', async () => {
  const whole = new Uint8Array(await pack({ a: Float64Array.of(1, 2), b: 'text' }).arrayBuffer());
  for (const length of [0, 3, 8, 20, whole.length - 8, whole.length - 1]) {
    expect(() => unpack(whole.slice(0, length).buffer)).toThrow();
  }
  expect(() => unpack(Uint8Array.of(...whole, 0).buffer)).toThrow('more in it');
  const naming = (text: string) => {
    const bytes = new Uint8Array(8 + Math.ceil(text.length / 8) * 8);
    new DataView(bytes.buffer).setUint32(0, text.length, true);
    bytes.set(new TextEncoder().encode(text), 8);
    return bytes.buffer;
  };
  expect(unpack(naming('{"a":1}'))).toEqual({ a: 1 });
  for (const array of ['["Float32Array",1e9]', '["Float32Array",-1]', '["Float32Array",0.5]', '["Function",1]', '[]']) {
    expect(() => unpack(naming(`{"$array":${array}}`))).toThrow();
  }
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
      const changed = whole.slice();
      changed[at] = byte;
      try {
        expect(JSON.stringify(unpack(changed.buffer)).length).toBeLessThan(10 * whole.length);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }),
  );
});
