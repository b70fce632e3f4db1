import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openSafetensors, repeatedKey } from '../../../src/models/safetensors.ts';

const REFUSED = { code: 'weights-refused' };

/** A file of a header (text, or what becomes JSON) and data. */
function file(header: unknown, data: BlobPart = new Uint8Array(0)): Blob {
  const text = typeof header === 'string' ? header : JSON.stringify(header);
  const bytes = new TextEncoder().encode(text);
  return new Blob([lengthField(bytes.length), bytes, data]);
}

function lengthField(length: number | bigint): BlobPart {
  return new BigUint64Array([BigInt(length)]);
}

function entry(dtype: string, shape: readonly number[], begin: number, end: number): object {
  return { dtype, shape, data_offsets: [begin, end] };
}

/** The beginning of a file of `size` bytes, of which there are no more; counts the bytes that are asked for. */
class CountedBlob extends Blob {
  asked = 0;

  constructor(
    parts: BlobPart[],
    override readonly size: number,
  ) {
    super(parts);
  }

  override slice(begin = 0, end = this.size): Blob {
    this.asked += end - begin;
    return super.slice(begin, end);
  }
}

async function refusal(blob: Blob): Promise<string> {
  const error = await openSafetensors(blob).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject(REFUSED);
  return error instanceof Error ? error.message : '';
}

describe('reading', () => {
  test('F32, any order, metadata, padding, scalars, empty tensors and dtypes that are not read', async () => {
    const header = {
      __metadata__: { format: 'pt' },
      b: entry('F32', [2, 1], 8, 16),
      a: entry('F32', [2], 0, 8),
      none: entry('F32', [0, 7], 16, 16),
      scalar: entry('F32', [], 16, 20),
      num_batches_tracked: entry('I64', [], 20, 28),
    };
    const data = new Float32Array([1, -2.5, 3, 4, 5, 0, 0]);
    const weights = await openSafetensors(file(`${JSON.stringify(header)}   `, data));
    expect(weights.metadata).toEqual({ format: 'pt' });
    expect(weights.tensors.get('b')?.shape).toEqual([2, 1]);
    expect(weights.tensors.has('__metadata__')).toBe(false);
    expect(await weights.read('a')).toEqual(new Float32Array([1, -2.5]));
    expect(await weights.read('b')).toEqual(new Float32Array([3, 4]));
    expect(await weights.read('none')).toEqual(new Float32Array(0));
    expect(await weights.read('scalar')).toEqual(new Float32Array([5]));
    await expect(weights.read('num_batches_tracked')).rejects.toMatchObject(REFUSED);
    await expect(weights.read('c')).rejects.toMatchObject({ code: 'weights-mismatch' });
  });

  test('every finite half is widened exactly, and the others are refused', async () => {
    const halves = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const finite = halves.filter((half) => (half & 0x7c00) !== 0x7c00);
    const weights = await openSafetensors(file({ x: entry('F16', [finite.length], 0, 2 * finite.length) }, finite));
    const exact = (half: number) => {
      const [exponent, fraction] = [(half >> 10) & 31, half & 1023];
      const size = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
      return half >> 15 ? -size : size;
    };
    expect(await weights.read('x')).toEqual(Float32Array.from(finite, exact));
    for (const half of [0x7c00, 0xfc00, 0x7e00]) {
      const odd = await openSafetensors(file({ x: entry('F16', [1], 0, 2) }, new Uint16Array([half])));
      await expect(odd.read('x')).rejects.toMatchObject(REFUSED);
    }
  });

  test('BF16 is the upper half of F32', async () => {
    const values = new Float32Array([1, -0.5, 3.140625, 2 ** -130, 0]);
    const upper = Uint16Array.from(new Uint32Array(values.buffer), (bits) => bits >>> 16);
    const weights = await openSafetensors(file({ x: entry('BF16', [5], 0, 10) }, upper));
    expect(await weights.read('x')).toEqual(values);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%s in F32 is refused', async (value) => {
    const weights = await openSafetensors(file({ x: entry('F32', [2], 0, 8) }, new Float32Array([1, value])));
    await expect(weights.read('x')).rejects.toMatchObject(REFUSED);
  });

  test('a file that vanished is said to be gone', async () => {
    const blob = file({ x: entry('F32', [1], 0, 4) }, new Float32Array(1));
    const weights = await openSafetensors(blob);
    blob.slice = () => {
      throw new DOMException('gone', 'NotReadableError');
    };
    await expect(weights.read('x')).rejects.toMatchObject({ code: 'files-gone' });
  });

  test('names of prototypes are just names', async () => {
    const header = '{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
    const weights = await openSafetensors(file(header, new Float32Array([7])));
    expect(await weights.read('__proto__')).toEqual(new Float32Array([7]));
    await expect(weights.read('constructor')).rejects.toMatchObject({ code: 'weights-mismatch' });
  });
});

describe('what is not a weight file', () => {
  test.each([
    ['an empty file', new Blob([]), 'too short'],
    ['a web page', new Blob(['\n<!DOCTYPE html><html><body>Not found</body></html>']), 'web page'],
    [
      'a Git LFS pointer',
      new Blob(['version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 102469840\n']),
      'Git LFS pointer',
    ],
    ['a zip', new Blob([new Uint8Array([0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0, 0])]), 'zip archive'],
    ['a header longer than the file', new Blob([lengthField(100), '{}']), 'header'],
    ['a header length beyond all numbers', new Blob([lengthField(2n ** 64n - 1n), '{}']), 'header'],
    ['a header of bad UTF-8', new Blob([lengthField(4), new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])]), 'UTF-8'],
    ['a header that is not JSON', file('{"a":'), 'JSON'],
    ['a header that is a list', file('[]'), 'JSON object'],
    ['a header with space before it', file(' {}'), 'JSON object'],
    ['metadata that are not texts', file({ __metadata__: { a: 1 } }), 'metadata'],
  ])('%s', async (_, blob, reason) => {
    expect(await refusal(blob)).toContain(reason);
  });

  test.each([17 * 2 ** 20, 2 * 2 ** 30, 2 ** 53, 2n ** 63n])(
    'a header of %d bytes is refused unread',
    async (length) => {
      const blob = new CountedBlob([lengthField(length)], 3 * 2 ** 30);
      expect(await refusal(blob)).toContain('header');
      expect(blob.asked).toBeLessThan(1024);
    },
  );

  test('a tensor that claims the memory is refused unread', async () => {
    const blob = new CountedBlob([await file({ x: entry('F32', [2 ** 40], 0, 2 ** 42) }).arrayBuffer()], 3 * 2 ** 30);
    expect(await refusal(blob)).toContain('cut off');
    expect(blob.asked).toBeLessThan(1024);
  });

  test('a header of a million escapes and one of a million brackets exhaust no stack', async () => {
    const escapes = { __metadata__: { a: '\n'.repeat(4_000_000) } };
    expect((await openSafetensors(file(escapes))).metadata['a']).toHaveLength(4_000_000);
    expect(await refusal(file(`{"x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`))).toContain('damaged');
  }, 60_000);

  test('a refusal stays a sentence, however long the names', async () => {
    const long = 'x'.repeat(1_000_000);
    for (const header of [
      { [long]: 3 },
      { [long]: { ...entry('F32', [1], 0, 4), dtype: long } },
      `{"${long}":1,"${long}":2}`,
    ]) {
      expect((await refusal(file(header))).length).toBeLessThan(600);
    }
  });
});

describe('entries that lie', () => {
  const four = new Uint8Array(4);
  test.each([
    ['an unknown dtype', { x: entry('F12', [1], 0, 4) }, four],
    ['a dtype from the prototype', { x: entry('constructor', [1], 0, 4) }, four],
    ['a negative side', { x: entry('F32', [-1], 0, 4) }, four],
    ['a broken side', { x: entry('F32', [0.5, 2], 0, 4) }, four],
    ['a side beyond exact numbers', { x: entry('F32', [2 ** 53], 0, 4) }, four],
    ['sides whose product overflows', { x: entry('U8', [2 ** 40, 2 ** 40], 0, 4) }, four],
    ['a shape that says more than the bytes', { x: entry('F32', [2], 0, 4) }, four],
    ['a shape that says less than the bytes', { x: entry('F16', [1], 0, 4) }, four],
    ['an end before its begin', { x: entry('F32', [1], 4, 0) }, four],
    ['offsets outside the file', { x: entry('F32', [1], 4, 8) }, four],
    ['data that are cut off', { x: entry('F32', [2], 0, 8) }, four],
    ['bytes of no tensor at the end', { x: entry('F16', [1], 0, 2) }, four],
    ['bytes of no tensor at the start', { x: entry('F16', [1], 2, 4) }, four],
    ['tensors that overlap', { x: entry('F16', [2], 0, 4), y: entry('F16', [1], 2, 4) }, four],
    ['tensors in one place', { x: entry('F16', [2], 0, 4), y: entry('F16', [2], 0, 4) }, four],
    ['a missing key', { x: { dtype: 'F32', shape: [1] } }, four],
    ['an unknown key', { x: { ...entry('F32', [1], 0, 4), strides: [1] } }, four],
    ['an entry that is null', { x: null }, new Uint8Array(0)],
  ])('%s', async (_, header, data) => {
    await refusal(file(header, data));
  });

  test('a name given twice, also when escaped', async () => {
    const one = '{"dtype":"F16","shape":[1],"data_offsets":[0,2]}';
    const two = '{"dtype":"F16","shape":[1],"data_offsets":[2,4]}';
    expect(await refusal(file(`{"x":${one},"x":${two}}`, four))).toContain('"x" twice');
    expect(await refusal(file(`{"x":${one},"\\u0078":${two}}`, four))).toContain('"x" twice');
    expect(await refusal(file('{"x":{"dtype":"U8","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', four))).toContain(
      'twice',
    );
    const braces = {
      '{"a":': entry('F16', [1], 0, 2),
      '}': entry('F16', [1], 2, 4),
      __metadata__: { a: 'x":1,"x":2' },
    };
    await openSafetensors(file(braces, four));
  });

  test('no damage to a good file does anything but refuse or leave it readable', async () => {
    const good = file({ x: entry('F32', [2], 0, 8), y: entry('F16', [4], 8, 16) }, new Uint8Array(16));
    const bytes = new Uint8Array(await good.arrayBuffer());
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(bytes.length), async (place, value, length) => {
        const damaged = bytes.slice(0, length);
        if (place < length) damaged[place] = value;
        const weights = await openSafetensors(new Blob([damaged])).catch((error: unknown) => error);
        if (weights instanceof Error) expect(weights).toMatchObject(REFUSED);
        else expect(length).toBe(bytes.length);
      }),
      { numRuns: 500 },
    );
  });
});

test.each<[string, string | null]>([
  ['{"a":1,"a":2}', 'a'],
  ['{"a":1,"\\u0061":2}', 'a'],
  ['{"a":{"b":1},"c":{"b":1}}', null],
  ['{"a":[{"b":1},{"b":1,"c":2,"b":3}]}', 'b'],
  ['{"a":"b","b":"a"}', null],
  ['["a","a"]', null],
  ['{"a":["a","a"],"b":"\\"a\\":1,\\"a\\":2"}', null],
  ['{"\\\\":1,"\\\\" \n:2}', '\\'],
  ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ['"a"', null],
])('%s: %s', (json, key) => {
  JSON.parse(json);
  expect(repeatedKey(json)).toBe(key);
});

test('finds no repeated key in what JSON.stringify writes, and each one that is put in', () => {
  const value = fc.jsonValue({ maxDepth: 4 });
  fc.assert(
    fc.property(value, fc.string(), value, value, (inside, key, first, second) => {
      expect(repeatedKey(JSON.stringify(inside))).toBeNull();
      const object = `{${JSON.stringify(key)}:${JSON.stringify(first)},${JSON.stringify(key)} :${JSON.stringify(second)}}`;
      expect(repeatedKey(`[0, ${object}]`)).toBe(key);
    }),
  );
});
