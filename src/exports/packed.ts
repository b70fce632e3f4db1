/**
 * Plain values with typed arrays in them, as bytes: the length of the JSON (4 bytes, little-endian, as all of it), the JSON, in which
 * `{"$array":["Float32Array",3]}` stands for an array, then the arrays in the order in which the JSON names them. JSON and
 * arrays begin at multiples of eight bytes.
 */

const ARRAYS = { Uint8Array, Int32Array, Float32Array, Float64Array } as const;
type ArrayName = keyof typeof ARRAYS;

const ALIGNMENT = 8;
const padding = (length: number): number => (ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT;

function nameOf(value: unknown): ArrayName | null {
  if (value instanceof Uint8Array) return 'Uint8Array';
  if (value instanceof Int32Array) return 'Int32Array';
  if (value instanceof Float32Array) return 'Float32Array';
  return value instanceof Float64Array ? 'Float64Array' : null;
}

/** The arrays must not change before the Blob is read. */
export function pack(value: unknown): Blob {
  const arrays: ArrayBufferView<ArrayBuffer>[] = [];
  const json = JSON.stringify(value, (_key, part: unknown) => {
    const name = nameOf(part);
    if (name === null || !ArrayBuffer.isView(part)) return part;
    const bytes = new Uint8Array(part.byteLength);
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    arrays.push(bytes);
    return { $array: [name, part.byteLength / ARRAYS[name].BYTES_PER_ELEMENT] };
  });
  const text = new TextEncoder().encode(json);
  const header = new Uint8Array(ALIGNMENT);
  new DataView(header.buffer).setUint32(0, text.length, true);
  const parts: BlobPart[] = [header, text, new Uint8Array(padding(text.length))];
  for (const bytes of arrays) parts.push(bytes, new Uint8Array(padding(bytes.byteLength)));
  return new Blob(parts);
}

/**
 * The value that was packed, its arrays copied out of `buffer`. From bytes that pack did not write it may be anything, but
 * never larger than they are. Throws an Error where they cannot have been written by pack.
 */
export function unpack(buffer: ArrayBuffer): unknown {
  if (buffer.byteLength < ALIGNMENT) throw new Error('It is too short.');
  const length = new DataView(buffer).getUint32(0, true);
  let at = ALIGNMENT + length;
  if (at > buffer.byteLength) throw new Error('It is cut off.');
  const text = new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(buffer, ALIGNMENT, length));
  at += padding(length);
  const value: unknown = JSON.parse(text, (_key, part: unknown) => {
    const named = arrayNamed(part);
    if (named === null) return part;
    const Kind = ARRAYS[named.name];
    const end = at + named.length * Kind.BYTES_PER_ELEMENT;
    if (end > buffer.byteLength) throw new Error('Its arrays are cut off.');
    const array = new Kind(buffer.slice(at, end));
    at = end + padding(end);
    return array;
  });
  if (at !== buffer.byteLength) throw new Error('There is more in it than it says.');
  return value;
}

function arrayNamed(part: unknown): { readonly name: ArrayName; readonly length: number } | null {
  if (typeof part !== 'object' || part === null || !('$array' in part) || !Array.isArray(part.$array)) return null;
  const [name, length]: unknown[] = part.$array;
  const known = (Object.keys(ARRAYS) as ArrayName[]).find((each) => each === name);
  if (known === undefined || typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0) {
    throw new Error('It names an array that there cannot be.');
  }
  return { name: known, length };
}
