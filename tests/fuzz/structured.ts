/**
 * Files that are well formed as a whole and odd in every part: damage to bytes alone is refused at the first check, and never
 * sees what lies behind it.
 */
import type { Random } from '../../src/math/random.ts';
import { type RawEntry, rawZip } from '../raw-zip.ts';
import { joined, mutated, pick } from './mutate.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const FILES = [
  ...[
    '1.jpg',
    '2.png',
    '01',
    'café.jpg',
    'cafe\u0301.jpg',
    '表.png',
    '苹果.jpg',
    '사과.png',
    'a.v2',
    'x.tar.gz',
    '.jpg',
  ],
  ...[
    '__proto__',
    'constructor',
    'CON',
    ' 1.jpg',
    '1.jpg ',
    '\u202egpj.1',
    '"',
    '\n',
    ',',
    ';',
    '\t',
    '\ud800',
    '=1+1',
  ],
];
const FOLDERS = [
  'query',
  'test/query',
  'gallery',
  'train/a',
  'a',
  'A',
  '.',
  '..',
  '',
  'C:',
  '/',
  '~',
  'x/../y',
  '\\',
  'é',
];
const CLASSES = [
  'a',
  'A',
  'a ',
  'b',
  'é',
  'e\u0301',
  '0',
  '-1',
  '',
  '__proto__',
  '表',
  'x'.repeat(300),
  '\u0000',
  '"a"',
  'a,b',
];

function path(random: Random): string {
  const name = pick(FILES, random);
  const separator = pick(['/', '/', '/', '\\', '//'], random);
  return random.below(3) === 0 ? name : `${pick(FOLDERS, random)}${separator}${name}`;
}

/** The files of the data set that tables are applied to. */
export const TABLE_PATHS = FILES.flatMap((name) =>
  ['s/query', 's/gallery', 's/train/a', 's/train'].map((folder) => `${folder}/${name.replaceAll('/', '')}`),
);

function quoted(value: string, separator: string, random: Random): string {
  const needed = value.includes('"') || value.includes(separator) || /[\r\n]/.test(value);
  // Now and then a mark is forgotten, or there for nothing.
  const flip = random.below(40) === 0;
  return needed !== flip ? `"${value.replaceAll('"', '""')}"` : value;
}

const COLUMNS = [
  ['split', 'file', 'class'],
  ['image_id', 'label'],
  ['filename', 'width', 'category', 'subset'],
  ['path', 'target', 'class'],
  ['image_id', 'path', 'label', 'label_name', 'fold'],
  ['name', 'id', 'Id'],
  ['id', 'x'],
];
const SPLITS = ['query', 'gallery', 'train', 'TEST', 'val', '', 'other'];

/** More than any spreadsheet has. */
const MOST_COLUMNS = 100_000;

function table(random: Random): string {
  const columns = random.shuffle([...pick(COLUMNS, random)]);
  if (random.below(40) === 0) {
    const more = Array.from({ length: 1 + random.below(MOST_COLUMNS) }, (_, at) => `c${at}`);
    columns.splice(random.below(columns.length + 1), 0, ...more);
  }
  const separator = pick([',', ',', ';', '\t', '|'], random);
  const end = pick(['\n', '\r\n', '\r'], random);
  // As many cells as a wide table has are enough: making them must not take longer than reading them may.
  const rows = Array.from({ length: random.below(columns.length > 1000 ? 3 : 40) }, () => {
    const cells = columns.map((column) => {
      if (/split|subset/.test(column)) return pick(random.below(30) === 0 ? SPLITS : SPLITS.slice(0, 6), random);
      if (/file|image|path|^id/.test(column)) return path(random);
      return pick(CLASSES, random);
    });
    if (random.below(60) === 0) cells.push('more');
    return cells;
  });
  const lines = [columns, ...rows].map((cells) => cells.map((cell) => quoted(cell, separator, random)).join(separator));
  const head = pick(['', '', '\uFEFF', `sep=${separator}${end}`], random);
  return head + lines.join(end) + pick(['', end, end + end], random);
}

/** Beyond what a call stack holds. */
const DEEPEST = 200_000;

function nested(random: Random): string {
  const depth = 1 + random.below(DEEPEST);
  const [open, close] = pick(
    [
      ['[', ']'],
      ['{"a":', '}'],
      ['{"__proto__":', '}'],
      ['[{"query":[', ']}]'],
    ] as const,
    random,
  );
  return `${open.repeat(depth)}1${random.below(3) === 0 ? '' : close.repeat(depth)}`;
}

function json(random: Random): string {
  if (random.below(25) === 0)
    return pick([nested(random), `{"query":${nested(random)}}`, `{"query":{"1.jpg":${nested(random)}}}`], random);
  const labels = () => {
    const pairs = Array.from({ length: random.below(30) }, () => {
      const label =
        random.below(4) === 0
          ? pick(['0', '1', '7', '-1', '1e3', 'null', '[]', 'true'], random)
          : text(pick(CLASSES, random), random);
      return `${text(path(random), random)}${blank(random)}:${blank(random)}${label}`;
    });
    return `{${pairs.join(`${blank(random)},`)}}`;
  };
  const keys = pick(
    [['query', 'gallery'], ['query'], ['gallery', 'train', 'any'], ['x', 'query', 'query'], []],
    random,
  );
  const parts = keys.map((key) => `"${key}":${blank(random)}${labels()}`);
  if (random.below(3) === 0)
    parts.push(
      `"classes":[${CLASSES.filter(() => random.below(3) > 0)
        .map((name) => text(name, random))
        .join(',')}]`,
    );
  if (random.below(4) === 0) parts.push(`${text(path(random), random)}:"a"`);
  return `${pick(['', '\uFEFF'], random)}{${random.shuffle(parts).join(',')}}`;
}

const blank = (random: Random) => pick(['', '', ' ', '\n', '\t\r\n'], random);

/** A JSON text, now and then with more escapes than it needs. */
function text(value: string, random: Random): string {
  if (random.below(5) > 0) return JSON.stringify(value);
  return `"${[...value].map((letter) => [...Array(letter.length).keys()].map((at) => `\\u${letter.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')).join('')}"`;
}

function utf16(value: string, little: boolean): Bytes {
  const view = new DataView(new ArrayBuffer(2 * value.length));
  for (let at = 0; at < value.length; at++) view.setUint16(2 * at, value.charCodeAt(at), little);
  return joined([new Uint8Array(view.buffer)]);
}

/** Lines of files and classes without a header, or joined to other columns, by any kind of blank. */
function list(random: Random): string {
  const separator = pick([' ', '  ', '\t', ',', ';', ' \t '], random);
  const cells = random.shuffle(
    pick([['file'], ['file', 'class'], ['number', 'file'], ['file', 'class', 'split', 'number']], random).slice(),
  );
  const lines = Array.from({ length: random.below(40) }, (_, at) =>
    cells
      .map((cell) => {
        if (cell === 'file') return path(random);
        if (cell === 'class') return pick(CLASSES, random);
        return cell === 'split' ? pick(SPLITS, random) : String(random.below(20) === 0 ? -1 : at);
      })
      .join(separator),
  );
  if (random.below(4) === 0) lines.unshift(String(lines.length));
  if (random.below(4) === 0) lines.unshift('# files and classes');
  return lines.join(pick(['\n', '\r\n', '\r'], random));
}

/** An object for each image: JSON Lines, a list, or annotations as COCO's. */
function objects(random: Random): string {
  const label = () =>
    pick<unknown>([pick(CLASSES, random), 1, [pick(CLASSES, random), 'b'], [], null, true, -0.5], random);
  const records = Array.from({ length: random.below(30) }, (_, at) => {
    const file = pick<unknown>([path(random), path(random), path(random), null, 7], random);
    return {
      id: at,
      file_name: file,
      label: label(),
      objects: { categories: label() },
      image_id: at,
      category_id: random.below(3),
    };
  });
  if (random.below(3) === 0) {
    const categories = CLASSES.slice(0, random.below(4)).map((name, id) => ({ id, name }));
    return JSON.stringify({ images: records, annotations: random.shuffle([...records, ...records]), categories });
  }
  const one = random.below(2) === 0;
  return one
    ? JSON.stringify(records)
    : records.map((record) => JSON.stringify(record)).join(pick(['\n', '\r\n', ' '], random));
}

/** A table or a JSON file of labels, in one of the encodings that there are; one in three is damaged besides. */
export function labelFile(random: Random): Bytes {
  const value = pick([table, table, json, json, list, objects], random)(random);
  const bytes = pick(
    [
      () => joined([new TextEncoder().encode(value)]),
      () => utf16(`\uFEFF${value}`, true),
      () => utf16(value, random.below(2) === 0),
      () => joined([Buffer.from(value, 'latin1')]),
    ],
    random,
  )();
  return random.below(3) === 0 && bytes.length > 0 ? mutated(bytes, random) : bytes;
}

/** Names in encodings of all countries, and bytes of none. */
const RAW_NAMES = [
  '82e882f182b2',
  '955c',
  '835c',
  'c6bbb9fb',
  'bbe7b0fa',
  '63616682',
  'c3a9',
  'ff',
  '80',
  '5c',
  'e974',
  // Cyrillic, Greek, Hebrew, Arabic, Thai and traditional Chinese, in what systems of their countries write.
  ...['aae8aaa0', 'eaeef8eae0', 'cbcfdbcbc1', 'e3dcf4e1', 'e7faf5ec', 'ded8c9', 'e1c1c7', 'bfdfaaaf', 'b4bac4b4'],
];

function rawName(random: Random): Uint8Array {
  const parts = Array.from({ length: 1 + random.below(4) }, (): Uint8Array => {
    if (random.below(2) === 0) return Buffer.from(pick(RAW_NAMES, random), 'hex');
    return Buffer.from(pick([...FILES, ...FOLDERS], random));
  });
  const separator = Buffer.from(pick(['/', '/', '\\'], random));
  const name = Buffer.concat(parts.flatMap((part, at) => (at === 0 ? [part] : [separator, part])));
  return random.below(8) === 0 ? Buffer.concat([name, separator]) : name;
}

/** A well-formed archive of odd names, with archives inside it. */
export function oddArchive(random: Random, depth = 0): Bytes {
  const entries = Array.from({ length: 1 + random.below(8) }, (): RawEntry => {
    if (depth < 3 && random.below(4) === 0) {
      const name = Buffer.concat([rawName(random), Buffer.from(pick(['.zip', '.ZIP', 'zip'], random))]);
      return { name, data: oddArchive(random, depth + 1) };
    }
    return { name: rawName(random), data: 'x'.repeat(random.below(50)) };
  });
  const archive = rawZip(entries, { system: pick([0, 3, 10, 19], random), utf8: random.below(3) === 0 });
  return depth === 0 && random.below(4) === 0 ? mutated(archive, random) : archive;
}
