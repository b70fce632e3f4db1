import { groundTruthRefused } from './ground-truth.ts';

/** Deeper than any table of labels. */
const MAX_DEPTH = 64;

/** A JSON value as far as it matters here: of objects nothing but that they are such. */
export type Value = string | number | boolean | null | readonly Value[] | typeof SOME_OBJECT;
const SOME_OBJECT = Symbol('object');

export interface Scanner {
  /** The next character that is no blank, which is left standing. */
  next(): string;
  /** The keys of the object that begins here; after each its value must be taken. */
  keys(): Generator<string>;
  /** A turn for each element of the list that begins here; in each its value must be taken. */
  items(): Generator<void>;
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
export function createScanner(text: string): Scanner {
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

  function* items(): Generator<void> {
    take('[');
    if (next() === ']') {
      at++;
      return;
    }
    for (;;) {
      yield;
      if (next() === ']') break;
      take(',');
    }
    at++;
  }

  function value(depth: number): Value {
    if (depth > MAX_DEPTH) throw groundTruthRefused(`it is nested more than ${MAX_DEPTH} levels deep`);
    const first = next();
    if (first === '"') return readString();
    if (first === '[') {
      const values: Value[] = [];
      for (const _ of items()) values.push(value(depth + 1));
      return values;
    }
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
    items,
    value,
    end() {
      if (next() !== '') throw wrong('the end');
    },
    share: () => at / text.length,
  };
}

/** What JSON forbids in a text: whatever stands before the blank. */
const CONTROL = /[^ -\u{10ffff}]/u;

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text[quote - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}
