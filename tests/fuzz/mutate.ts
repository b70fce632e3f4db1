import type { Random } from '../../src/math/random.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** What has broken readers before: ends of ranges, ends of types. */
const NUMBERS = [
  0,
  1,
  2,
  7,
  8,
  127,
  128,
  255,
  256,
  32_767,
  32_768,
  65_535,
  65_536,
  2 ** 24,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
];

const WORDS = [
  ...[
    '"',
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '\\',
    '\\u0000',
    '\\ud800',
    '\n',
    '\r',
    '\r\n',
    '\0',
    '\uFEFF',
    '\u202e',
    '\u2028',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'null',
    'true',
    '-1',
    '0.5',
    '1e999',
    '1e-999',
    'NaN',
    '9007199254740993',
  ],
  ...['""', '{}', '[]', '../', '/', 'C:', '=1+1', '<b>', '%00', '"a":1,', 'split,file,class\n', 'query', 'F32', 'I64'],
];

type Mutation = (bytes: Bytes, random: Random) => Bytes;

const MUTATIONS: readonly Mutation[] = [
  // One bit, one byte, one number.
  (bytes, random) => changed(bytes, (copy) => flip(copy, random.below(bytes.length), 1 << random.below(8))),
  (bytes, random) => changed(bytes, (copy) => copy.fill(random.below(256), random.below(bytes.length))),
  (bytes, random) => changed(bytes, (copy) => copy.set([random.below(256)], random.below(bytes.length))),
  number,
  number,
  // Cut, repeated, moved, longer.
  (bytes, random) => bytes.slice(0, random.below(bytes.length)),
  (bytes, random) => bytes.slice(random.below(bytes.length)),
  (bytes, random) => spliced(bytes, random, piece(bytes, random)),
  (bytes, random) => joined([bytes, piece(bytes, random)]),
  (bytes, random) => {
    const at = random.below(bytes.length);
    return joined([bytes.subarray(0, at), bytes.subarray(at + random.below(40))]);
  },
  // A word, or very many of them.
  (bytes, random) => spliced(bytes, random, word(random)),
  (bytes, random) => spliced(bytes, random, word(random)),
  (bytes, random) => spliced(bytes, random, new TextEncoder().encode(pick(WORDS, random).repeat(random.below(20_000)))),
];

/** A damaged copy: one to six changes, each of any kind and anywhere. */
export function mutated(bytes: Bytes, random: Random): Bytes {
  let result = bytes;
  for (let left = 1 + random.below(6); left > 0; left--) {
    if (result.length === 0) return word(random);
    result = pick(MUTATIONS, random)(result, random);
  }
  return result;
}

export function pick<T>(items: readonly T[], random: Random): T {
  const item = items[random.below(items.length)];
  if (item === undefined) throw new Error('There is nothing to pick from.');
  return item;
}

export function joined(pieces: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const each of pieces) {
    whole.set(each, at);
    at += each.length;
  }
  return whole;
}

function changed(bytes: Bytes, change: (copy: Bytes) => void): Bytes {
  const copy = bytes.slice();
  change(copy);
  return copy;
}

function flip(bytes: Bytes, at: number, mask: number): void {
  bytes[at] = (bytes[at] ?? 0) ^ mask;
}

function number(bytes: Bytes, random: Random): Bytes {
  const width = pick([2, 4, 8], random);
  if (bytes.length < width) return bytes;
  return changed(bytes, (copy) => {
    const view = new DataView(copy.buffer);
    const at = random.below(bytes.length - width + 1);
    const little = random.below(2) === 0;
    const value = pick(NUMBERS, random);
    if (width === 2) view.setUint16(at, value, little);
    else if (width === 4) view.setUint32(at, value, little);
    else view.setBigUint64(at, BigInt(value) << BigInt(random.below(33)), little);
  });
}

function piece(bytes: Bytes, random: Random): Bytes {
  const at = random.below(bytes.length);
  return bytes.slice(at, at + 1 + random.below(200));
}

function spliced(bytes: Bytes, random: Random, inserted: Uint8Array): Bytes {
  const at = random.below(bytes.length + 1);
  return joined([bytes.subarray(0, at), inserted, bytes.subarray(at)]);
}

function word(random: Random): Bytes {
  return joined([new TextEncoder().encode(pick(WORDS, random))]);
}
