import { quoted } from '../errors.ts';
import { nameKey } from '../names.ts';
import {
  createCollector,
  type GroundTruth,
  groundTruthRefused,
  type KnownNames,
  LABELLED_SPLITS,
  LABELS_A_STEP,
  type LabelledSplit,
  type Steps,
} from './ground-truth.ts';

const SPLIT_KEYS = new Map<string, LabelledSplit>([
  ['query', 'query'],
  ['gallery', 'gallery'],
  ['training', 'training'],
  ['train', 'training'],
  ['any', 'any'],
  // As FiftyOne calls them.
  ['labels', 'any'],
]);

/** Deeper than any table of labels. */
const MAX_DEPTH = 64;

/**
 * Reads `{"classes": [...], "query": {"file": "class"}, "gallery": {"file": "class"}}`, where `classes` may be left out, and
 * splits too; or one object of files and classes for all splits. Classes may be numbers; where `classes` does not list
 * them they count its entries from 0. Other keys are passed over. Throws AppError 'ground-truth-refused' naming what is at
 * fault.
 *
 * Read letter by letter and not by JSON.parse, which makes an object of a million keys in ten seconds without a pause, and
 * keeps the last of two equal keys without a word.
 */
export function* readGroundTruthJson(text: string, known: KnownNames | null = null): Steps<GroundTruth> {
  const scan = createScanner(text);
  const collector = createCollector();
  const keys = new Set<string>();
  let declared: string[] | null = null;
  /** Labels that stand in the object itself: only where no key names a split are they labels. */
  const loose: [file: string, label: string, numeric: boolean][] = [];
  if (scan.next() !== '{') {
    scan.value(0);
    scan.end();
    throw groundTruthRefused('it is not a JSON object');
  }
  for (const key of scan.keys()) {
    if (keys.has(key)) throw repeated(key);
    keys.add(key);
    const split = SPLIT_KEYS.get(key);
    const first = scan.next();
    if (split && first === '{') {
      for (const file of scan.keys()) {
        if (collector.hasFile(split, file)) throw repeated(file);
        const value = scan.value(1);
        // The class of such an image is left open.
        if (value === null && split === 'any') continue;
        const label = readLabel(value);
        if (!label) throw groundTruthRefused(`the class of ${quoted(file)} in "${key}" is not a text or a number`);
        collector.add(split, file, label.name, `"${key}"`, label.numeric);
        if (collector.count % LABELS_A_STEP === 0) yield scan.share();
      }
    } else if (split) {
      scan.value(1);
      throw groundTruthRefused(`"${key}" is not an object of file names and classes`);
    } else if (key === 'classes') {
      declared = readClasses(scan.value(1));
    } else {
      const label = readLabel(scan.value(1));
      if (label) loose.push([key, label.name, label.numeric]);
      if (loose.length % LABELS_A_STEP === 1) yield scan.share();
    }
  }
  scan.end();
  if (![...SPLIT_KEYS.keys()].some((key) => keys.has(key))) {
    if (loose.length === 0) throw groundTruthRefused('it has neither "query" nor "gallery"');
    for (const [file, label, numeric] of loose) collector.add('any', file, label, 'it', numeric);
  }
  return collector.finish(declared, known);
}

const SPLIT_BEGINS = `"(?:${[...SPLIT_KEYS.keys()].join('|')})"\\s*:\\s*\\{\\s*`;
const BEGINS = new RegExp(
  `^\\uFEFF?\\s*\\{\\s*(?:"classes"\\s*:\\s*\\[[^\\]]*\\]\\s*,\\s*)?(?:${SPLIT_BEGINS})?("(?:[^"\\\\]|\\\\.)*")\\s*:\\s*["\\d-]`,
);

/**
 * Whether a text begins as such a file of a data set's images does, by whatever name; its end may be cut off. Numbers alone are no
 * file's name here: in `{"0": "cat"}` they count classes.
 */
export function looksLikeGroundTruthJson(text: string, known: KnownNames): boolean {
  const [, key = '""'] = BEGINS.exec(text) ?? [];
  try {
    const file = String(JSON.parse(key));
    return !/^\d*$/.test(file) && known.has(nameKey(file));
  } catch {
    return false;
  }
}

/** Labels as such a file, as far as they were kept: read again, they are the same. */
export function writeGroundTruthJson({ classes, labels }: Pick<GroundTruth, 'classes' | 'labels'>): string {
  const objects = LABELLED_SPLITS.flatMap((split) => {
    const { files, codes } = labels[split];
    if (files.length === 0 && split !== 'query' && split !== 'gallery') return [];
    // By hand: an object of "__proto__" would lose it.
    const pairs = files.map((file, at) => `${JSON.stringify(file)}:${JSON.stringify(classes[codes[at] ?? 0] ?? '')}`);
    return [`"${split}":{${pairs.join(',')}}`];
  });
  return `{"classes":${JSON.stringify(classes)},${objects.join(',')}}`;
}

function repeated(key: string): Error {
  return groundTruthRefused(`it names ${quoted(key)} twice in one object`);
}

/** A class as a text or a number; null for anything else. */
function readLabel(value: Value): { name: string; numeric: boolean } | null {
  if (typeof value === 'string') return value === '' ? null : { name: value, numeric: false };
  return typeof value === 'number' && Number.isFinite(value) ? { name: String(value), numeric: true } : null;
}

function readClasses(value: Value): string[] {
  if (!Array.isArray(value)) throw groundTruthRefused('"classes" is not a list');
  return [
    ...new Set(
      value.map((name, index) => {
        const label = readLabel(name);
        if (!label) throw groundTruthRefused(`"classes"[${index}] is not a text or a number`);
        return label.name;
      }),
    ),
  ];
}

/** A JSON value as far as it matters here: of objects nothing but that they are such. */
type Value = string | number | boolean | null | readonly Value[] | typeof SOME_OBJECT;
const SOME_OBJECT = Symbol('object');

interface Scanner {
  /** The next character that is no blank, which is left standing. */
  next(): string;
  /** The keys of the object that begins here; after each its value must be taken. */
  keys(): Generator<string>;
  value(depth: number): Value;
  /** Nothing but blanks may follow. */
  end(): void;
  /** Share of the text that has been read. */
  share(): number;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const;

/** Strict JSON (RFC 8259), from one value to the next. Throws AppError 'ground-truth-refused' with line and column. */
function createScanner(text: string): Scanner {
  let at = text.startsWith('\uFEFF') ? 1 : 0;

  function wrong(what: string, place = at): Error {
    const before = text.slice(0, place);
    const line = before.split('\n').length;
    const column = place - before.lastIndexOf('\n');
    const found = place >= text.length ? 'it ends there' : `found ${JSON.stringify(text.charAt(place))}`;
    return groundTruthRefused(`it is not valid JSON (line ${line}, column ${column}: expected ${what}, ${found})`);
  }

  function skipBlanks(): void {
    for (;;) {
      const code = text.charCodeAt(at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      at++;
    }
  }

  function next(): string {
    skipBlanks();
    return text.charAt(at);
  }

  function take(character: string): void {
    if (next() !== character) throw wrong(`“${character}”`);
    at++;
  }

  function readString(): string {
    const start = at;
    let end = text.indexOf('"', start + 1);
    while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
    if (end < 0) throw wrong('a quotation mark at the end of the text that begins here', start);
    at = end + 1;
    const raw = text.slice(start + 1, end);
    const control = CONTROL.exec(raw);
    if (control) throw wrong('a letter (control characters are written as escapes)', start + 1 + control.index);
    if (!raw.includes('\\')) return raw;
    try {
      return String(JSON.parse(text.slice(start, at)));
    } catch {
      throw wrong('a text whose escapes are valid', start);
    }
  }

  function* keys(): Generator<string> {
    take('{');
    if (next() === '}') {
      at++;
      return;
    }
    for (;;) {
      if (next() !== '"') throw wrong('a name in quotation marks');
      const key = readString();
      take(':');
      yield key;
      if (next() === '}') break;
      take(',');
    }
    at++;
  }

  function list(depth: number): Value[] {
    take('[');
    const values: Value[] = [];
    if (next() === ']') {
      at++;
      return values;
    }
    for (;;) {
      values.push(value(depth + 1));
      if (next() === ']') break;
      take(',');
    }
    at++;
    return values;
  }

  function value(depth: number): Value {
    if (depth > MAX_DEPTH) throw groundTruthRefused(`it is nested more than ${MAX_DEPTH} levels deep`);
    const first = next();
    if (first === '"') return readString();
    if (first === '[') return list(depth);
    if (first === '{') {
      for (const _ of keys()) value(depth + 1);
      return SOME_OBJECT;
    }
    for (const [word, meaning] of WORDS) {
      if (!text.startsWith(word, at)) continue;
      at += word.length;
      return meaning;
    }
    NUMBER.lastIndex = at;
    const number = NUMBER.exec(text)?.[0];
    if (number === undefined) throw wrong('a value');
    at += number.length;
    return Number(number);
  }

  return {
    next,
    keys,
    value,
    end() {
      if (next() !== '') throw wrong('the end');
    },
    share: () => at / text.length,
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what JSON forbids in a text.
const CONTROL = /[\0-\x1f]/;

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text[quote - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}
