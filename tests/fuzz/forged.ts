/** Files whose structure is right and whose numbers are not: every length fits, so that readers get as far as what they mean. */
import type { Random } from '../../src/math/random.ts';
import { rawZip } from '../raw-zip.ts';
import { joined, mutated, pick } from './mutate.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const encode = (value: unknown): Bytes => joined([new TextEncoder().encode(JSON.stringify(value))]);

/** Ends of ranges, of types and of what a reader may have in mind. */
const NUMBERS = [
  ...[-1, 0, 1, 2, 3, 0.5, -0.5, 1.000001, 100, 255, 65_536, 999_999_999],
  ...[2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, -(2 ** 53), 1e18, 1e308, -1e308],
];
/** For typed arrays alone: JSON has none of these. */
const NO_NUMBERS = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3e38, 1e-45];
const VALUES = [
  null,
  true,
  '',
  'x',
  [],
  {},
  '__proto__',
  { $array: ['Float32Array', 1e9] },
  { $array: ['Nothing', 1] },
];

type Place = { readonly of: unknown; readonly key: string | number };

/** A copy with one to three of its values forged: numbers for numbers mostly, now and then a value of another kind, or none. */
function forged<T>(value: T, random: Random): T {
  const copy = structuredClone(value);
  for (let left = 1 + random.below(3); left > 0; left--) {
    const places: Place[] = [];
    collect(copy, places);
    if (places.length > 0) forge(pick(places, random), random);
  }
  return copy;
}

/** Every field and element; of a long list a few, so that what stands once is forged as often as what stands a thousand times. */
function collect(value: unknown, places: Place[]): void {
  if (ArrayBuffer.isView(value)) {
    if ('length' in value && Number(value.length) > 0) places.push({ of: value, key: -1 }, { of: value, key: -1 });
  } else if (Array.isArray(value)) {
    for (const [at, part] of value.slice(0, 4).entries()) {
      places.push({ of: value, key: at });
      collect(part, places);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) {
      places.push({ of: value, key });
      collect(part, places);
    }
  }
}

function forge({ of, key }: Place, random: Random): void {
  if (ArrayBuffer.isView(of)) {
    const at = random.below('length' in of ? Number(of.length) : 1);
    Reflect.set(of, at, pick([...NUMBERS, ...NO_NUMBERS], random));
    return;
  }
  if (typeof of !== 'object' || of === null) return;
  const before: unknown = Reflect.get(of, key);
  const kind = random.below(12);
  if (kind === 0 && !Array.isArray(of)) Reflect.deleteProperty(of, key);
  else if (kind === 1) Reflect.set(of, key, structuredClone(pick(VALUES, random)));
  else if (kind === 2 && Array.isArray(of)) of.push(structuredClone(before));
  else if (typeof before === 'number') Reflect.set(of, key, pick(NUMBERS, random));
  else if (typeof before === 'string')
    Reflect.set(of, key, pick(['', before.slice(1), before.repeat(100), `${before}\0`], random));
  else if (typeof before === 'boolean') Reflect.set(of, key, !before);
  else if (ArrayBuffer.isView(before)) Reflect.set(of, key, resized(before, random));
}

/** The same array, shorter, longer or of another kind. */
function resized(array: ArrayBufferView, random: Random): unknown {
  const values =
    array instanceof Float32Array || array instanceof Float64Array || array instanceof Int32Array
      ? [...array]
      : [1, 2, 3];
  const lengthened = pick([values.slice(1), [...values, 0], [], [...values, ...values]], random);
  return pick([Float32Array, Int32Array, Float64Array, Uint8Array], random).from(lengthened);
}

// Weight files.

const DTYPES = ['F32', 'F32', 'F32', 'F16', 'BF16', 'F64', 'I64', 'U8', 'BOOL', 'F8_E4M3'];
const BYTES: Readonly<Record<string, number>> = { F32: 4, F16: 2, BF16: 2, F64: 8, I64: 8 };
const TENSORS = ['conv1.weight', 'fc.bias', '__proto__', 'a.running_var', '', 'x'.repeat(5000), 'bn1.running_mean'];

/** Tensors one behind another, in a header of which one to three entries are forged. */
export function forgedWeights(random: Random): Bytes {
  const header: Record<string, unknown> = {};
  let end = 0;
  for (let left = 1 + random.below(6); left > 0; left--) {
    const dtype = pick(DTYPES, random);
    const shape = Array.from({ length: random.below(4) }, () => random.below(5));
    const begin = end;
    end += (BYTES[dtype] ?? 1) * shape.reduce((product, side) => product * side, 1);
    header[`${pick(TENSORS, random)}${random.below(9)}`] = { dtype, shape, data_offsets: [begin, end] };
  }
  if (random.below(2) === 0) header['__metadata__'] = { format: 'pt', n: '1' };
  const text = encode(random.below(5) === 0 ? header : forged(header, random));
  const length =
    random.below(8) === 0 ? pick([0, 7, text.length - 1, text.length + 1, 2 ** 31, 2 ** 53], random) : text.length;
  const data = new Uint8Array(end).map(() => random.below(256));
  return joined([new Uint8Array(new BigUint64Array([BigInt(Math.max(0, length))]).buffer), text, data]);
}

// Data sets' files.

/** As exports/packed.ts writes it, at once. */
function packed(value: unknown): Bytes {
  const arrays: Uint8Array[] = [];
  const text = encode(
    JSON.parse(
      JSON.stringify(value, (_key, part: unknown) => {
        if (!ArrayBuffer.isView(part) || !('length' in part)) return part;
        const bytes = new Uint8Array(part.buffer, part.byteOffset, part.byteLength).slice();
        arrays.push(bytes, new Uint8Array((8 - (bytes.length % 8)) % 8));
        return { $array: [part.constructor.name, part.length] };
      }),
    ),
  );
  const start = new Uint8Array(8);
  new DataView(start.buffer).setUint32(0, text.length, true);
  return joined([start, text, new Uint8Array((8 - (text.length % 8)) % 8), ...arrays]);
}

export interface DatasetParts {
  readonly manifest: Readonly<Record<string, unknown>> & {
    readonly pieces: readonly { readonly kind: string; readonly name: string }[];
  };
  /** In the order of the manifest's. */
  readonly pieces: readonly unknown[];
}

/** A data set's file, of which one piece, the manifest, or the order of its pieces is forged. */
export function forgedDataset({ manifest, pieces }: DatasetParts, random: Random): Bytes {
  const which = random.below(pieces.length + 2);
  const forgedManifest = which === pieces.length ? forged(manifest, random) : manifest;
  const entries = pieces.map((piece, at) => {
    const bytes = packed(which === at ? forged(piece, random) : piece);
    const name = `likeness data set/${manifest.pieces[at]?.name ?? ''}`;
    return { name, data: which === at && random.below(10) === 0 && bytes.length > 0 ? mutated(bytes, random) : bytes };
  });
  if (which > pieces.length)
    entries.splice(random.below(entries.length), 1, ...random.shuffle([...entries]).slice(0, random.below(3)));
  return rawZip([...entries, { name: 'likeness data set/manifest.json', data: encode(forgedManifest) }], {
    utf8: true,
  });
}
